using System.Globalization;
using Mimir.Base;

namespace Mimir.Decode.Search;

/// <summary>
/// The log-priors of the pdfs, which turn a network's log-posteriors into scaled log-likelihoods (Bayes' rule):
/// <c>log p(x|pdf) = log p(pdf|x) - log p(pdf)</c> up to a constant. The counts are those of the training alignments.
/// </summary>
public sealed class Priors
{
    private readonly float[] _logPriors;

    private Priors(float[] logPriors) => _logPriors = logPriors;

    /// <summary>Gets the log-priors, one for each pdf, already scaled.</summary>
    public ReadOnlySpan<float> LogPriors => _logPriors;

    /// <summary>Computes log-priors from counts.</summary>
    /// <param name="counts">How many frames each pdf has in the training alignments.</param>
    /// <param name="scale">The prior's scale; 1 unless set.</param>
    /// <param name="floor">
    /// Pdfs whose relative frequency is not above this get such a high prior that they are never decoded.
    /// </param>
    /// <exception cref="ArgumentException">A count is negative or not finite, or all are zero.</exception>
    public static Priors FromCounts(ReadOnlySpan<double> counts, double scale = 1, double floor = 1e-10)
    {
        double total = 0;
        foreach (var count in counts)
        {
            if (!double.IsFinite(count) || count < 0)
                throw new ArgumentException($"expected counts of pdfs, got {count}", nameof(counts));

            total += count;
        }

        if (total == 0)
            throw new ArgumentException("expected counts of pdfs, got none above zero", nameof(counts));

        var logPriors = new float[counts.Length];
        for (var pdf = 0; pdf < logPriors.Length; pdf++)
        {
            var relative = counts[pdf] / total;
            var prior = relative <= floor ? Math.Sqrt(float.MaxValue) : Math.Log(relative);
            logPriors[pdf] = (float)(scale * prior);
        }

        return new Priors(logPriors);
    }

    /// <summary>Reads counts as Kaldi's <c>analyze-counts</c> writes them: <c>[ 12 0 345.5 … ]</c>.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file does not hold one vector of numbers.</exception>
    public static Priors Read(string path, double scale = 1, double floor = 1e-10)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"{path}: no such pdf counts", path);

        var fields = File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 3 || fields[0] != "[" || fields[^1] != "]")
            throw new InputException($"{path}:1: expected '[ count count … ]' as analyze-counts writes it");

        var counts = new double[fields.Length - 2];
        for (var pdf = 0; pdf < counts.Length; pdf++)
        {
            if (!double.TryParse(fields[pdf + 1], CultureInfo.InvariantCulture, out counts[pdf]))
                throw new InputException($"{path}:1: expected a count for pdf {pdf}, got '{fields[pdf + 1]}'");
        }

        try
        {
            return FromCounts(counts, scale, floor);
        }
        catch (ArgumentException unusable)
        {
            throw new InputException($"{path}:1: {unusable.Message}");
        }
    }

    /// <summary>
    /// Subtracts the log-priors from every row of a matrix <c>[T, P]</c> of log-posteriors, in place.
    /// </summary>
    /// <exception cref="ArgumentException">The matrix does not consist of rows of as many pdfs as there are
    /// priors.</exception>
    public void SubtractFrom(Span<float> matrix)
    {
        if (matrix.Length % _logPriors.Length != 0)
        {
            throw new ArgumentException(
                $"expected rows of {_logPriors.Length} pdfs, got {matrix.Length} values", nameof(matrix));
        }

        for (var row = 0; row < matrix.Length; row += _logPriors.Length)
        {
            var frame = matrix.Slice(row, _logPriors.Length);
            System.Numerics.Tensors.TensorPrimitives.Subtract(frame, _logPriors, frame);
        }
    }
}
