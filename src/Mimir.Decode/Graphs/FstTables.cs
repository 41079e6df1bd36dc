using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Graphs;

/// <summary>Tables of transducers, such as the training graphs <c>fsts.ark</c>.</summary>
public static class FstTables
{
    /// <summary>Gets the tables of transducers that can be changed; OpenFst's binary form, or text.</summary>
    public static Table<VectorFst> Vector { get; } = new(new VectorFstHolder());
}

/// <summary>
/// Transducers in tables (Kaldi: <c>VectorFstHolder</c>): without a mark before binary data, which begins with OpenFst's magic
/// number; text begins on a line of its own and ends with an empty line.
/// </summary>
internal sealed class VectorFstHolder : Holder<VectorFst>
{
    public override bool HasBinaryMarker => false;

    public override VectorFst Read(KaldiReader reader, bool binary)
    {
        var next = reader.Peek();
        while (next is ' ' or '\t' or '\r')
        {
            reader.ReadByte();
            next = reader.Peek();
        }

        if (next == '\n')
        {
            reader.ReadByte();
            return FstText.Read(reader);
        }

        return next < 0
            ? throw reader.Error("expected a transducer, the file ends here")
            : FstReader.ReadVector(new FstStream(reader));
    }

    public override void Write(KaldiWriter writer, VectorFst value)
    {
        if (!writer.Binary)
        {
            writer.WriteText($"\n{FstText.Write(value)}\n");
            return;
        }

        using var data = new MemoryStream();
        FstWriter.Write(data, value);
        writer.WriteRaw(data.GetBuffer().AsSpan(0, (int)data.Length));
    }
}
