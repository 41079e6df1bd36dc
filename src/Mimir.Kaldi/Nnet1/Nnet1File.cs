using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Nnet1;

/// <summary>A network of Kaldi's nnet1: a sequence of components, read from and written to its files.</summary>
public sealed class Nnet1File
{
    /// <summary>Creates a network.</summary>
    /// <param name="components">The components; the output of each is the input of the next.</param>
    /// <exception cref="InputException">Two neighbours differ in size.</exception>
    public Nnet1File(IReadOnlyList<NnetComponent> components)
    {
        for (var index = 1; index < components.Count; index++)
        {
            var (before, after) = (components[index - 1], components[index]);
            if (before.OutputDim != after.InputDim)
            {
                throw new InputException(
                    $"Component {index + 1} ({after.Name}) takes {after.InputDim} inputs, component {index} ({before.Name}) "
                    + $"gives {before.OutputDim}.");
            }
        }

        Components = components;
    }

    /// <summary>Gets the components in order.</summary>
    public IReadOnlyList<NnetComponent> Components { get; }

    /// <summary>Gets the size of the input; 0 for an empty network.</summary>
    public int InputDim => Components.Count == 0 ? 0 : Components[0].InputDim;

    /// <summary>Gets the size of the output; 0 for an empty network.</summary>
    public int OutputDim => Components.Count == 0 ? 0 : Components[^1].OutputDim;

    /// <summary>Reads a network, binary or text; old component names and missing end marks are understood.</summary>
    /// <param name="path">The file, by its extended name (see <see cref="KaldiInput"/>); <c>.gz</c> is decompressed.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">A component is unknown, its parameters do not fit it, or the file ends early.</exception>
    public static Nnet1File Read(string path, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(path, io, ReadNetwork);

    private static Nnet1File ReadNetwork(KaldiReader reader, bool binary)
    {
        if (ModelKinds.Next(reader, binary) is { } other)
            throw reader.Error($"this is {other}; a network of nnet1 is wanted.");

        return new Nnet1Reader(reader, binary).ReadNetwork();
    }

    /// <summary>Writes the network as Kaldi does.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, writer => new Nnet1Writer(writer).WriteComponents(Components), io);

    /// <summary>Writes the network as Kaldi does.</summary>
    /// <param name="stream">Receives the bytes, which begin with the mark of binary files.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    public void Write(Stream stream, bool binary = true)
    {
        var writer = new KaldiWriter(stream, binary);
        writer.WriteBinaryMarker();
        new Nnet1Writer(writer).WriteComponents(Components);
    }
}
