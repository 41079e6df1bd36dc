using System.Runtime.InteropServices;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Graphs;

/// <summary>
/// Writes OpenFst's binary <c>vector</c> format with standard (tropical) arcs, which OpenFst and Kaldi read.
/// </summary>
public static class FstWriter
{
    // kExpanded | kMutable: the two properties that every vector file states.
    private const long Properties = 3;

    /// <summary>Writes a transducer, with its symbol tables, atomically.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IFst fst) => AtomicFile.Write(path, stream => Write(stream, fst));

    /// <summary>Writes a transducer to an extended file name.</summary>
    /// <param name="wxfilename">A file, <c>-</c> or a command; a file is whole or not there.</param>
    /// <param name="fst">The transducer.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string wxfilename, IFst fst, KaldiIoOptions? io)
    {
        using var output = KaldiOutput.Open(wxfilename, io);
        try
        {
            Write(output.Stream, fst);
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }

    internal static void Write(Stream stream, IFst fst)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(FstHeader.Magic);
        WriteText(writer, "vector");
        WriteText(writer, "standard");
        writer.Write(2);
        writer.Write((fst.InputSymbols is null ? 0 : 1) | (fst.OutputSymbols is null ? 0 : 2));
        writer.Write(Properties);
        writer.Write((long)fst.Start);
        writer.Write((long)fst.StateCount);
        writer.Write(fst.ArcCount);
        if (fst.InputSymbols is { } inputs)
            SymbolTableFormat.Write(writer, inputs, "input");

        if (fst.OutputSymbols is { } outputs)
            SymbolTableFormat.Write(writer, outputs, "output");

        for (var state = 0; state < fst.StateCount; state++)
        {
            var arcs = fst.Arcs(state);
            writer.Write(fst.Final(state));
            writer.Write((long)arcs.Length);
            writer.Write(MemoryMarshal.AsBytes(arcs));
        }
    }

    internal static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
