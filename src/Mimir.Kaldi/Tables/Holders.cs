using System.Globalization;
using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>Float matrices; reads float, double and compressed ones, and writes compressed ones when it has a method.</summary>
internal sealed class MatrixHolder(CompressionMethod? compression = null) : Holder<FloatMatrix>
{
    internal override string Kind => ObjectKinds.Matrix;

    public override FloatMatrix Read(KaldiReader reader, bool binary) => reader.ReadMatrix(binary);

    public override void Write(KaldiWriter writer, FloatMatrix value)
    {
        if (compression is { } method)
            writer.WriteCompressed(value, method);
        else
            writer.WriteMatrix(value);
    }

    public override FloatMatrix Extract(FloatMatrix value, ObjectRange range, string rxfilename) => range.Apply(value);
}

internal sealed class DoubleMatrixHolder : Holder<double[,]>
{
    internal override string Kind => ObjectKinds.Matrix;

    public override double[,] Read(KaldiReader reader, bool binary) => reader.ReadDoubleMatrix(binary);

    public override void Write(KaldiWriter writer, double[,] value) => writer.WriteMatrix(value);
}

internal sealed class FloatVectorHolder : Holder<float[]>
{
    internal override string Kind => ObjectKinds.FloatVector;

    public override float[] Read(KaldiReader reader, bool binary) => reader.ReadVector(binary);

    public override void Write(KaldiWriter writer, float[] value) => writer.WriteVector(value);

    public override float[] Extract(float[] value, ObjectRange range, string rxfilename) => range.Apply(value);
}

/// <summary>Integer vectors; in text the numbers of a line without brackets, as alignments are.</summary>
internal sealed class IntVectorHolder : Holder<int[]>
{
    internal override string Kind => ObjectKinds.Integers;

    public override int[] Read(KaldiReader reader, bool binary) => binary ? reader.ReadIntVector(true) : reader.ReadIntLine();

    public override void Write(KaldiWriter writer, int[] value)
    {
        if (writer.Binary)
        {
            writer.WriteIntVector(value);
            return;
        }

        foreach (var number in value)
            writer.WriteInt(number);

        writer.WriteNewLine();
    }

    public override int[] Extract(int[] value, ObjectRange range, string rxfilename) => range.Apply(value);
}

/// <summary>Vectors of pairs of integers; in text the pairs of a line with semicolons between them.</summary>
internal sealed class IntPairVectorHolder : Holder<(int First, int Second)[]>
{
    internal override string Kind => ObjectKinds.Integers;

    public override (int First, int Second)[] Read(KaldiReader reader, bool binary)
    {
        var pairs = new List<(int, int)>();
        if (!binary)
        {
            var words = reader.ReadWordLine().Where(word => word != ";").ToArray();
            for (var i = 0; i < words.Length; i += 2)
                pairs.Add((Number(i), Number(i + 1)));

            int Number(int place) => place < words.Length && int.TryParse(words[place], out var number)
                ? number
                : throw reader.Error("expected pairs of integers with semicolons between them.");

            return [.. pairs];
        }

        var count = reader.ReadInt(true);
        if (count < 0)
            throw reader.Error($"expected a number of pairs, got {count}.");

        for (var left = count; left > 0; left--)
            pairs.Add((reader.ReadInt(true), reader.ReadInt(true)));

        return [.. pairs];
    }

    public override void Write(KaldiWriter writer, (int First, int Second)[] value)
    {
        if (writer.Binary)
            writer.WriteInt(value.Length);

        for (var i = 0; i < value.Length; i++)
        {
            if (i > 0 && !writer.Binary)
                writer.WriteToken(";");

            writer.WriteInt(value[i].First);
            writer.WriteInt(value[i].Second);
        }

        writer.WriteNewLine();
    }
}

/// <summary>Vectors of pairs of floats; in text the pairs of a line with semicolons between them.</summary>
internal sealed class FloatPairVectorHolder : Holder<(float First, float Second)[]>
{
    public override (float First, float Second)[] Read(KaldiReader reader, bool binary)
    {
        var pairs = new List<(float, float)>();
        if (binary)
        {
            var count = reader.ReadInt(true);
            if (count < 0)
                throw reader.Error($"expected a number of pairs, got {count}.");

            for (var left = count; left > 0; left--)
                pairs.Add((reader.ReadFloat(true), reader.ReadFloat(true)));

            return [.. pairs];
        }

        var words = reader.ReadWordLine().Where(word => word != ";").ToArray();
        for (var i = 0; i < words.Length; i += 2)
            pairs.Add((Number(i), Number(i + 1)));

        return [.. pairs];

        float Number(int place) =>
            place < words.Length && float.TryParse(words[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw reader.Error("expected pairs of numbers with semicolons between them.");
    }

    public override void Write(KaldiWriter writer, (float First, float Second)[] value)
    {
        if (writer.Binary)
            writer.WriteInt(value.Length);

        for (var i = 0; i < value.Length; i++)
        {
            if (i > 0 && !writer.Binary)
                writer.WriteToken(";");

            writer.WriteFloat(value[i].First);
            writer.WriteFloat(value[i].Second);
        }

        writer.WriteNewLine();
    }
}

internal sealed class IntScalarHolder : Holder<int>
{
    internal override string Kind => ObjectKinds.Integers;

    public override int Read(KaldiReader reader, bool binary) => reader.ReadInt(binary);

    public override void Write(KaldiWriter writer, int value)
    {
        writer.WriteInt(value);
        writer.WriteNewLine();
    }
}

internal sealed class FloatScalarHolder : Holder<float>
{
    public override float Read(KaldiReader reader, bool binary) => reader.ReadFloat(binary);

    public override void Write(KaldiWriter writer, float value)
    {
        writer.WriteFloat(value);
        writer.WriteNewLine();
    }
}

internal sealed class DoubleScalarHolder : Holder<double>
{
    public override double Read(KaldiReader reader, bool binary) => reader.ReadDouble(binary);

    public override void Write(KaldiWriter writer, double value)
    {
        writer.WriteDouble(value);
        writer.WriteNewLine();
    }
}

/// <summary>The words of a line, which are always text.</summary>
internal sealed class TokenVectorHolder : Holder<string[]>
{
    public override string[] Read(KaldiReader reader, bool binary) => reader.ReadWordLine();

    public override void Write(KaldiWriter writer, string[] value) => writer.WriteText(string.Join(' ', value) + "\n");
}

/// <summary>HTK's feature files; the header is written and, in files that are read, passed over.</summary>
internal sealed class HtkHolder(HtkHeader header) : Holder<FloatMatrix>
{
    public override bool HasBinaryMarker => false;

    public override bool HasText => false;

    public override FloatMatrix Read(KaldiReader reader, bool binary) => HtkFormat.Read(reader).Features;

    public override void Write(KaldiWriter writer, FloatMatrix value) => HtkFormat.Write(writer, value, header);
}

/// <summary>Sphinx's feature files of 13 values a frame.</summary>
internal sealed class SphinxHolder : Holder<FloatMatrix>
{
    public override bool HasBinaryMarker => false;

    public override bool HasText => false;

    public override FloatMatrix Read(KaldiReader reader, bool binary) => SphinxFormat.Read(reader);

    public override void Write(KaldiWriter writer, FloatMatrix value) => SphinxFormat.Write(writer, value);
}
