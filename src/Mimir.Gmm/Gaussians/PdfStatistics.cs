using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Mimir.Gmm.Gaussians;

/// <summary>The statistics of a pdf's Gaussians (Kaldi: <c>AccumDiagGmm</c>): counts, sums of frames and of their squares.</summary>
public sealed class PdfStatistics
{
    private const int MaxOnStack = 256;

    /// <summary>Creates statistics of nothing.</summary>
    /// <param name="gaussians">The number of Gaussians, G.</param>
    /// <param name="dimension">The dimension of a frame, D.</param>
    /// <param name="parts">The parts of the model that they shall serve to estimate.</param>
    public PdfStatistics(int gaussians, int dimension, GmmParts parts)
    {
        Parts = parts.WithNeeded();
        Dimension = dimension;
        Occupancy = new double[gaussians];
        Sums = new double[Parts.HasFlag(GmmParts.Means) ? gaussians : 0, Parts.HasFlag(GmmParts.Means) ? dimension : 0];
        Squares = new double[Parts.HasFlag(GmmParts.Variances) ? gaussians : 0, Parts.HasFlag(GmmParts.Variances) ? dimension : 0];
    }

    /// <summary>Gets the parts of the model that the statistics serve to estimate.</summary>
    public GmmParts Parts { get; }

    /// <summary>Gets the number of Gaussians.</summary>
    public int Gaussians => Occupancy.Length;

    /// <summary>Gets the dimension of a frame.</summary>
    public int Dimension { get; }

    /// <summary>Gets the frames of each Gaussian, <c>[G]</c>.</summary>
    public double[] Occupancy { get; }

    /// <summary>Gets the weighted sums of the frames of each Gaussian, <c>[G, D]</c>; empty without <see cref="GmmParts.Means"/>.</summary>
    public double[,] Sums { get; }

    /// <summary>Gets the weighted sums of the squares, <c>[G, D]</c>; empty without <see cref="GmmParts.Variances"/>.</summary>
    public double[,] Squares { get; }

    /// <summary>Gets the frames of all Gaussians.</summary>
    public double Count => Occupancy.Sum();

    /// <summary>Gets what must agree in statistics that are added up.</summary>
    internal (int Gaussians, int Dimension, GmmParts Parts) Size => (Gaussians, Dimension, Parts);

    /// <summary>Makes the statistics of one frame of each Gaussian that has the Gaussian's own moments.</summary>
    /// <param name="mixture">The Gaussians.</param>
    public static PdfStatistics Of(DiagGmm mixture)
    {
        var moments = mixture.ToMoments();
        var statistics = new PdfStatistics(mixture.Gaussians, mixture.Dimension, GmmParts.All);
        for (var gaussian = 0; gaussian < mixture.Gaussians; gaussian++)
        {
            statistics.Occupancy[gaussian] = 1;
            for (var i = 0; i < mixture.Dimension; i++)
            {
                var mean = moments.Means[gaussian, i];
                statistics.Sums[gaussian, i] = mean;
                statistics.Squares[gaussian, i] = moments.Variances[gaussian, i] + (mean * mean);
            }
        }

        return statistics;
    }

    /// <summary>Adds a frame by the posteriors that the Gaussians have for it, or for another form of it.</summary>
    /// <param name="mixture">The mixture of the pdf.</param>
    /// <param name="seen">The frame that the mixture sees; mostly the same.</param>
    /// <param name="frame">The frame that is added, <c>[D]</c>.</param>
    /// <param name="weight">The weight of the frame.</param>
    /// <returns>The log-likelihood of the frame that the mixture sees. When it is not finite, nothing is added.</returns>
    public float Add(DiagGmm mixture, ReadOnlySpan<float> seen, ReadOnlySpan<float> frame, float weight)
    {
        Span<float> posteriors = Gaussians <= MaxOnStack ? stackalloc float[Gaussians] : new float[Gaussians];
        Span<double> values = Dimension <= MaxOnStack ? stackalloc double[Dimension] : new double[Dimension];
        Span<double> squares = Dimension <= MaxOnStack ? stackalloc double[Dimension] : new double[Dimension];
        var logLikelihood = mixture.Posteriors(seen, posteriors);
        if (!float.IsFinite(logLikelihood))
            return logLikelihood;

        TensorPrimitives.Multiply(posteriors, weight, posteriors);
        TensorPrimitives.ConvertTruncating(frame, values);
        TensorPrimitives.Multiply(values, values, squares);
        for (var gaussian = 0; gaussian < Gaussians; gaussian++)
        {
            double posterior = posteriors[gaussian];
            if (posterior == 0)
                continue;

            Occupancy[gaussian] += posterior;
            AddRow(Sums, gaussian, values, posterior);
            AddRow(Squares, gaussian, squares, posterior);
        }

        return logLikelihood;
    }

    /// <summary>Adds other statistics.</summary>
    /// <param name="other">The statistics, of the same size and parts.</param>
    /// <exception cref="ArgumentException">Size or parts differ.</exception>
    public void Add(PdfStatistics other)
    {
        if (other.Size != Size)
        {
            throw new ArgumentException(
                $"Statistics of {other.Gaussians} Gaussians of {other.Dimension} dimensions ({other.Parts}) and of {Gaussians} of "
                + $"{Dimension} ({Parts}) do not add up; they are of different models.");
        }

        for (var gaussian = 0; gaussian < Gaussians; gaussian++)
            AddGaussian(other, gaussian, 1);
    }

    /// <summary>Adds virtual frames to each Gaussian that have the moments of other statistics (I-smoothing).</summary>
    /// <param name="source">The statistics with the moments; Gaussians without frames there stay as they are.</param>
    /// <param name="count">The number of frames.</param>
    public void Smooth(PdfStatistics source, double count)
    {
        for (var gaussian = 0; gaussian < Gaussians; gaussian++)
        {
            if (source.Occupancy[gaussian] is not 0 and var occupancy)
                AddGaussian(source, gaussian, count / occupancy);
        }
    }

    private void AddGaussian(PdfStatistics other, int gaussian, double scale)
    {
        Occupancy[gaussian] += scale * other.Occupancy[gaussian];
        if (Sums.Length > 0 && other.Sums.Length > 0)
            AddRow(Sums, gaussian, RowOf(other.Sums, gaussian), scale);
        if (Squares.Length > 0 && other.Squares.Length > 0)
            AddRow(Squares, gaussian, RowOf(other.Squares, gaussian), scale);
    }

    private static void AddRow(double[,] target, int row, ReadOnlySpan<double> values, double scale)
    {
        if (target.Length == 0)
            return;

        var sum = RowOf(target, row);
        TensorPrimitives.MultiplyAdd(values, scale, sum, sum);
    }

    private static Span<double> RowOf(double[,] matrix, int row) =>
        MemoryMarshal.CreateSpan(ref matrix[row, 0], matrix.GetLength(1));
}
