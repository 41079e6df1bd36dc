using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>The number of frames of each distribution in alignments (Kaldi: analyze-counts), and the priors from them.</summary>
public sealed class PdfCounts
{
    /// <summary>The number that analyze-counts adds to every count, so that none is zero.</summary>
    public const double KaldiSmoothing = 0.5;

    /// <summary>Creates counts.</summary>
    /// <param name="values">A count for each distribution, none negative and not all 0.</param>
    /// <exception cref="InputException">A count is negative or not finite, or all are 0.</exception>
    public PdfCounts(double[] values)
    {
        if (values.Any(value => !double.IsFinite(value) || value < 0))
            throw new InputException("A count is a number from 0.");
        if (values.Sum() <= 0)
            throw new InputException("expected counts of frames, all of them are 0; count the alignments again.");

        Values = values;
    }

    /// <summary>Gets the counts, one for each distribution.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Reads a file of analyze-counts, binary or text.</summary>
    /// <param name="path">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It is no vector of counts.</exception>
    public static PdfCounts Read(string path, KaldiIoOptions? io = null) => KaldiReader.ReadFile(path, io, (reader, binary) =>
    {
        var values = reader.ReadDoubleVector(binary);
        try
        {
            return new PdfCounts(values);
        }
        catch (InputException e)
        {
            throw reader.Error(e.Message);
        }
    }, ObjectKinds.FloatVector);

    /// <summary>Writes the counts as analyze-counts does.</summary>
    /// <param name="path">The file; it is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits (the default of Kaldi's recipes).</param>
    public void Write(string path, bool binary = false) =>
        KaldiOutput.WriteOne(path, binary, writer => writer.WriteVector([.. Values]));

    /// <summary>Computes the natural logarithm of each distribution's share, which nnet-forward subtracts.</summary>
    /// <param name="floor">A distribution of a smaller share gets the root of the largest float, so that its likelihood vanishes
    /// (Kaldi: --prior-floor).</param>
    public float[] LogPriors(double floor = 1e-10)
    {
        // Kaldi: nnet-pdf-prior.cc floors the shares (--prior-floor) and adds 1e-20 before the logarithm.
        var total = Values.Sum();
        return [.. Values.Select(value => value / total < floor || total == 0
            ? MathF.Sqrt(float.MaxValue)
            : (float)Math.Log((value / total) + 1e-20))];
    }
}
