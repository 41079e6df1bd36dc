using System.Buffers.Binary;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>
/// The text and binary forms of statistics (Kaldi: <c>gmm/mle-am-diag-gmm.cc</c>, <c>gmm/mle-diag-gmm.cc</c>), behind the counts of
/// transition-ids.
/// </summary>
internal static class GmmStatisticsFormat
{
    // The size byte of an unsigned 16-bit integer in binary data.
    private const byte UnsignedShort = 0xfe;

    public static GmmStatistics Read(KaldiReader reader, bool binary)
    {
        var transitions = reader.ReadDoubleVector(binary);
        reader.ExpectToken("<NUMPDFS>");
        var count = reader.ReadInt(binary);
        if (count < 1 || transitions.Length < 2)
            throw reader.Error($"expected numbers of pdfs and transition-ids, got {count} and {transitions.Length - 1}.");

        var pdfs = new List<PdfStatistics>();
        for (var pdf = 0; pdf < count; pdf++)
            pdfs.Add(ReadPdf(reader, binary, pdf));

        var statistics = new GmmStatistics(transitions, pdfs);
        if (!binary)
            reader.SkipWhite();

        // Files of early versions end here.
        if (reader.Peek() < 0)
            return statistics;

        reader.ExpectToken("<total_like>");
        statistics.LogLikelihood = reader.ReadDouble(binary);
        reader.ExpectToken("<total_frames>");
        statistics.Frames = reader.ReadDouble(binary);
        return statistics;
    }

    public static void Write(KaldiWriter writer, GmmStatistics statistics)
    {
        writer.WriteVector(statistics.Transitions);
        writer.WriteToken("<NUMPDFS>");
        writer.WriteInt(statistics.Pdfs.Count);
        foreach (var pdf in statistics.Pdfs)
            WritePdf(writer, pdf);

        writer.WriteToken("<total_like>");
        writer.WriteDouble(statistics.LogLikelihood);
        writer.WriteToken("<total_frames>");
        writer.WriteDouble(statistics.Frames);
    }

    private static PdfStatistics ReadPdf(KaldiReader reader, bool binary, int pdf)
    {
        reader.ExpectToken("<GMMACCS>");
        reader.ExpectToken("<VECSIZE>");
        var dimension = reader.ReadInt(binary);
        reader.ExpectToken("<NUMCOMPONENTS>");
        var gaussians = reader.ReadInt(binary);
        reader.ExpectToken("<FLAGS>");
        var parts = ReadParts(reader, binary);
        reader.ExpectToken("<OCCUPANCY>");
        var occupancy = reader.ReadDoubleVector(binary);
        reader.ExpectToken("<MEANACCS>");
        var sums = reader.ReadDoubleMatrix(binary);
        reader.ExpectToken("<DIAGVARACCS>");
        var squares = reader.ReadDoubleMatrix(binary);
        reader.ExpectToken("</GMMACCS>");

        // The sizes of the arrays that are there are checked before any are made.
        if (dimension < 1 || gaussians < 1 || occupancy.Length != gaussians
            || !HasSize(sums, parts.HasFlag(GmmParts.Means), gaussians, dimension)
            || !HasSize(squares, parts.HasFlag(GmmParts.Variances), gaussians, dimension))
        {
            throw reader.Error(
                $"pdf {pdf}: expected statistics of {gaussians} Gaussians of {dimension} dimensions ({parts}), got {occupancy.Length} "
                + $"counts, {sums.GetLength(0)} x {sums.GetLength(1)} sums and {squares.GetLength(0)} x {squares.GetLength(1)} squares.");
        }

        var statistics = new PdfStatistics(gaussians, dimension, parts);
        occupancy.CopyTo(statistics.Occupancy, 0);
        Array.Copy(sums, statistics.Sums, sums.Length);
        Array.Copy(squares, statistics.Squares, squares.Length);
        return statistics;
    }

    private static bool HasSize(double[,] matrix, bool expected, int rows, int columns) => expected
        ? matrix.GetLength(0) == rows && matrix.GetLength(1) == columns
        : matrix.Length == 0;

    private static GmmParts ReadParts(KaldiReader reader, bool binary)
    {
        int parts;
        if (binary)
        {
            Span<byte> bytes = stackalloc byte[3];
            reader.ReadBytes(bytes);
            if (bytes[0] != UnsignedShort)
                throw reader.Error($"expected an unsigned 2-byte integer, got size byte {(sbyte)bytes[0]}.");

            parts = BinaryPrimitives.ReadUInt16LittleEndian(bytes[1..]);
        }
        else
        {
            parts = reader.ReadInt(false);
        }

        return ((GmmParts)parts & ~GmmParts.All) == 0 && (GmmParts)parts == ((GmmParts)parts).WithNeeded()
            ? (GmmParts)parts
            : throw reader.Error($"expected the parts of a model (4, 5, 7 or 8 more), got {parts}.");
    }

    private static void WritePdf(KaldiWriter writer, PdfStatistics pdf)
    {
        writer.WriteToken("<GMMACCS>");
        writer.WriteToken("<VECSIZE>");
        writer.WriteInt(pdf.Dimension);
        writer.WriteToken("<NUMCOMPONENTS>");
        writer.WriteInt(pdf.Gaussians);
        writer.WriteToken("<FLAGS>");
        if (writer.Binary)
            writer.WriteRaw([UnsignedShort, (byte)pdf.Parts, 0]);
        else
            writer.WriteInt((int)pdf.Parts);

        writer.WriteToken("<OCCUPANCY>");
        writer.WriteVector(Array.ConvertAll(pdf.Occupancy, value => (float)value));
        writer.WriteToken("<MEANACCS>");
        writer.WriteMatrix(Single(pdf.Sums));
        writer.WriteToken("<DIAGVARACCS>");
        writer.WriteMatrix(Single(pdf.Squares));
        writer.WriteToken("</GMMACCS>");
    }

    private static FloatMatrix Single(double[,] matrix)
    {
        var single = new FloatMatrix(matrix.GetLength(0), matrix.GetLength(1));
        for (var i = 0; i < single.Data.Length; i++)
            single.Data[i] = (float)matrix[i / single.Columns, i % single.Columns];

        return single;
    }
}
