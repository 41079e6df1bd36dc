using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1.Prototypes;

/// <summary>Makes networks from prototypes, as Kaldi's nnet-initialize does. A line describes a component.</summary>
/// <remarks>
/// <c>&lt;NnetProto&gt;</c> and <c>&lt;/NnetProto&gt;</c> may stand around the lines. A prototype can name others and networks
/// on disk, which become parts of a component.
/// </remarks>
public sealed class NnetPrototype
{
    private const int MaxDepth = 16;

    // A prototype is a few kilobytes of text; this keeps a wrong file from filling the memory.
    private const int MaxLength = 1 << 24;

    private readonly CLibraryRandom _random;
    private readonly KaldiIoOptions _io;
    private long _left;
    private int _depth;

    private NnetPrototype(int seed, KaldiIoOptions io, long maxParameters)
    {
        _random = new CLibraryRandom(seed);
        _io = io;
        _left = maxParameters;
    }

    /// <summary>Makes a network of random parameters.</summary>
    /// <param name="prototype">The file, by its extended name.</param>
    /// <param name="seed">The seed of the parameters, which are those of Kaldi for the same seed (Kaldi: --seed).</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <param name="maxParameters">The largest number of parameters, so that a mistyped size does not fill the memory.</param>
    /// <exception cref="FileNotFoundException">The prototype, or a file that it names, is missing.</exception>
    /// <exception cref="InputException">A line is not a component; the message has its number.</exception>
    public static Nnet1File Initialise(string prototype, int seed = 777, KaldiIoOptions? io = null, long maxParameters = 1L << 29) =>
        new NnetPrototype(seed, io ?? KaldiIoOptions.Default, maxParameters).Read(prototype);

    /// <summary>Makes a network of a prototype that another one names, with the random numbers that follow.</summary>
    internal Nnet1File Read(string prototype)
    {
        if (_depth == MaxDepth)
            throw new InputException($"{prototype}: expected prototypes at most {MaxDepth} levels deep; does it name itself?");

        _depth++;
        var components = new List<NnetComponent>();
        var number = 0;
        foreach (var text in Lines(prototype))
        {
            number++;
            if (FirstWord(text) is "" or "<NnetProto>" or "</NnetProto>")
                continue;

            var line = new PrototypeLine(text, $"{prototype}:{number}");
            var component = Make(line);
            if (components is [.., var before] && before.OutputDim != component.InputDim)
                throw line.Error($"takes {component.InputDim} inputs, the component before gives {before.OutputDim}");

            components.Add(component);
        }

        _depth--;
        return new Nnet1File(components);
    }

    /// <summary>Counts parameters before memory is allocated for them.</summary>
    /// <returns>The rows.</returns>
    internal int Claim(PrototypeLine line, int rows, int columns)
    {
        _left -= (long)rows * columns;
        return _left >= 0 ? rows : throw line.Error("asks for more parameters than a network may have; are its sizes right?");
    }

    /// <summary>Reads a network that a prototype names.</summary>
    internal Nnet1File ReadNetwork(string file) => Nnet1File.Read(file, _io);

    private static string FirstWord(string line) =>
        line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var word, ..] ? word : "";

    private NnetComponent Make(PrototypeLine line)
    {
        try
        {
            return new ComponentInitialiser(this, line, _random, _io).Make();
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw line.Error(e.Message.TrimEnd('.'));
        }
    }

    private string[] Lines(string prototype)
    {
        using var stream = KaldiInput.Open(prototype, _io);
        using var kept = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            kept.Write(buffer, 0, read);
            if (kept.Length > MaxLength)
                throw new InputException($"{prototype}: expected a prototype, got more than {MaxLength >> 20} MiB.");
        }

        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length).Split('\n');
    }
}
