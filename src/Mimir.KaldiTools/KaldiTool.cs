using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools;

/// <summary>What every program has in common: options, help, the number of arguments, exit status.</summary>
/// <remarks>
/// The values of options are fields, so an instance serves one run; <see cref="KaldiToolbox"/> makes them.
/// </remarks>
public abstract class KaldiTool : IKaldiTool
{
    private const int Failed = 255;

    // As a shell reports a program that the signal SIGPIPE ended, which is how Kaldi's end; and the error behind it.
    private const int PipeClosed = 128 + 13;
    private const int BrokenPipe = 32;

    private readonly int _least;
    private readonly int _most;
    private readonly string _arguments;

    /// <summary>Creates a program.</summary>
    /// <param name="name">Kaldi's name of it.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="arguments">Its arguments with spaces between them: <c>&lt;x&gt;</c> is needed, <c>[&lt;x&gt;]</c> may be
    /// left out, <c>...</c> at a place stands for any number more.</param>
    protected KaldiTool(string name, string summary, string arguments)
    {
        Name = name;
        Summary = summary;
        _arguments = arguments;
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _least = words.Count(word => word[0] is '<' or '(');
        _most = words.Contains("...") ? int.MaxValue : words.Length;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <inheritdoc/>
    public int Run(IReadOnlyList<string> arguments, TextWriter errors, KaldiIoOptions io)
    {
        var log = new KaldiLog(Name, errors, ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected);
        try
        {
            var parser = new KaldiOptionParser($"{Summary}\nUsage: {Name} [options] {_arguments}\n");
            AddOptions(parser);
            var positional = parser.Parse(arguments);
            if (parser.HelpWanted || positional.Count < _least || positional.Count > _most)
            {
                errors.Write(parser.Help());
                return parser.HelpWanted ? 0 : 1;
            }

            if (parser.PrintArgs)
                errors.WriteLine($"{Name} {string.Join(' ', arguments)}");

            return Execute(positional, log, io) ? 0 : 1;
        }
        catch (IOException failure) when (failure.HResult == BrokenPipe)
        {
            // Whoever reads has what he wants: feat-to-dim ends after the first matrix.
            return PipeClosed;
        }
        catch (Exception failure)
            when (failure is InputException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            log.Error(failure.Message);
            return Failed;
        }
    }

    /// <summary>Opens what a program prints on its standard output.</summary>
    /// <param name="io">What <c>-</c> writes.</param>
    /// <returns>A writer that flushes when it is disposed and leaves the stream open.</returns>
    protected static TextWriter OpenPrinted(KaldiIoOptions io) => new StreamWriter(
        KaldiOutput.OpenStandardOutput(io), new UTF8Encoding(false), 1 << 12, leaveOpen: true)
    {
        NewLine = "\n",
    };

    /// <summary>Adds the program's options to those that all have.</summary>
    protected abstract void AddOptions(KaldiOptionParser parser);

    /// <summary>Does the work.</summary>
    /// <returns>Whether anything succeeded.</returns>
    protected abstract bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io);
}
