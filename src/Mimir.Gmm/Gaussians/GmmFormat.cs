using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Gaussians;

/// <summary>The text and binary forms of mixtures (Kaldi: <c>gmm/am-diag-gmm.cc</c>, <c>gmm/diag-gmm.cc</c>).</summary>
internal static class GmmFormat
{
    private const string Begin = "<DiagGMM>";
    private const string End = "</DiagGMM>";

    public static AmDiagGmm Read(KaldiReader reader, bool binary)
    {
        reader.ExpectToken("<DIMENSION>");
        var dimension = reader.ReadInt(binary);
        reader.ExpectToken("<NUMPDFS>");
        var count = reader.ReadInt(binary);
        if (count < 1)
            throw reader.Error($"expected a number of pdfs, got {count}.");

        var pdfs = new List<DiagGmm>();
        for (var pdf = 0; pdf < count; pdf++)
        {
            var mixture = ReadPdf(reader, binary, pdf);
            if (mixture.Dimension != dimension)
                throw reader.Error($"pdf {pdf}: expected {dimension} dimensions, got {mixture.Dimension}.");

            pdfs.Add(mixture);
        }

        return new AmDiagGmm(pdfs);
    }

    public static void Write(KaldiWriter writer, AmDiagGmm model)
    {
        writer.WriteToken("<DIMENSION>");
        writer.WriteInt(model.Dimension);
        writer.WriteToken("<NUMPDFS>");
        writer.WriteInt(model.Pdfs.Count);
        foreach (var pdf in model.Pdfs)
            WritePdf(writer, pdf);
    }

    // The constants are optional in a file and follow from the rest, so they are computed again.
    private static DiagGmm ReadPdf(KaldiReader reader, bool binary, int pdf)
    {
        var token = reader.ReadToken();
        if (token is not (Begin or "<DiagGMMBegin>"))
            throw reader.Error($"expected {Begin} of pdf {pdf}, got '{KaldiReader.Printable(token)}'.");

        token = reader.ReadToken();
        if (token == "<GCONSTS>")
        {
            reader.ReadVector(binary);
            token = reader.ReadToken();
        }

        if (token != "<WEIGHTS>")
            throw reader.Error($"expected <WEIGHTS> or <GCONSTS>, got '{KaldiReader.Printable(token)}'.");

        var weights = reader.ReadVector(binary);
        reader.ExpectToken("<MEANS_INVVARS>");
        var scaledMeans = reader.ReadMatrix(binary);
        reader.ExpectToken("<INV_VARS>");
        var inverses = reader.ReadMatrix(binary);
        token = reader.ReadToken();
        if (token is not (End or "<DiagGMMEnd>"))
            throw reader.Error($"expected {End}, got '{KaldiReader.Printable(token)}'.");

        return Checked(reader, pdf, weights, scaledMeans, inverses);
    }

    private static DiagGmm Checked(KaldiReader reader, int pdf, float[] weights, FloatMatrix scaledMeans, FloatMatrix inverses)
    {
        try
        {
            return new DiagGmm(weights, scaledMeans, inverses);
        }
        catch (ArgumentException e)
        {
            throw reader.Error($"pdf {pdf}: {e.Message}");
        }
    }

    private static void WritePdf(KaldiWriter writer, DiagGmm pdf)
    {
        writer.WriteToken(Begin);
        writer.WriteNewLine();
        writer.WriteToken("<GCONSTS>");
        writer.WriteVector(pdf.Constants);
        writer.WriteToken("<WEIGHTS>");
        writer.WriteVector(pdf.Weights);
        writer.WriteToken("<MEANS_INVVARS>");
        writer.WriteMatrix(pdf.ScaledMeans);
        writer.WriteToken("<INV_VARS>");
        writer.WriteMatrix(pdf.InverseVariances);
        writer.WriteToken(End);
        writer.WriteNewLine();
    }
}
