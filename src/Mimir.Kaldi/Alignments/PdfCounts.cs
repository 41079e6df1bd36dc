using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>How often each distribution occurs in alignments: the file of Kaldi's analyze-counts, and the priors from it.</summary>
public sealed class PdfCounts
{
    /// <summary>What analyze-counts adds to every count, so that none is zero.</summary>
    public const double KaldiSmoothing = 0.5;

    /// <summary>Wraps counts.</summary>
    /// <param name="values">A count for each distribution, none negative.</param>
    /// <exception cref="ArgumentException">A count is negative or not finite.</exception>
    public PdfCounts(double[] values)
    {
        if (values.Any(value => !double.IsFinite(value) || value < 0))
            throw new ArgumentException("A count is a number from 0.", nameof(values));

        Values = values;
    }

    /// <summary>Gets the counts, one for each distribution.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Counts the distributions of alignments.</summary>
    /// <param name="alignments">The distributions of each utterance.</param>
    /// <param name="pdfCount">The number of distributions.</param>
    /// <param name="smoothing">What every count starts with; Kaldi's 0.5 by default.</param>
    /// <exception cref="ArgumentException">A distribution is out of range.</exception>
    public static PdfCounts Count(IEnumerable<int[]> alignments, int pdfCount, double smoothing = KaldiSmoothing)
    {
        var values = new double[pdfCount];
        Array.Fill(values, smoothing);
        foreach (var pdfs in alignments)
        {
            foreach (var pdf in pdfs)
            {
                if (pdf < 0 || pdf >= pdfCount)
                    throw new ArgumentException($"Distribution {pdf} is not within 0 to {pdfCount - 1}.", nameof(alignments));

                values[pdf]++;
            }
        }

        return new PdfCounts(values);
    }

    /// <summary>Reads a file of analyze-counts, binary or text.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It is no vector of counts.</exception>
    public static PdfCounts Read(string path)
    {
        using var reader = KaldiReader.Open(path);
        var values = reader.ReadDoubleVector(reader.ReadBinaryMarker());
        try
        {
            return new PdfCounts(values);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    /// <summary>Writes the counts as analyze-counts does.</summary>
    /// <param name="path">The file; it is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits (the default of Kaldi's recipes).</param>
    public void Write(string path, bool binary = false) => AtomicFile.Write(path, stream =>
    {
        var writer = new KaldiWriter(stream, binary);
        writer.WriteBinaryMarker();
        writer.WriteVector([.. Values]);
    });

    /// <summary>The natural logarithm of each distribution's share, as nnet-forward subtracts it.</summary>
    /// <param name="floor">Below this share a distribution cannot be meant: its value is the root of the largest float, so that
    /// its likelihood vanishes. Kaldi's default is 1e-10.</param>
    public float[] LogPriors(double floor = 1e-10)
    {
        var total = Values.Sum();
        return [.. Values.Select(value => value / total < floor || total == 0
            ? MathF.Sqrt(float.MaxValue)
            : (float)Math.Log((value / total) + 1e-20))];
    }
}
