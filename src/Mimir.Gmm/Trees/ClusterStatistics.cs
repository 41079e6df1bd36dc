using System.Numerics.Tensors;

namespace Mimir.Gmm.Trees;

/// <summary>
/// The count, the sum and the sum of squares of some frames, whose objective is their log-likelihood under one Gaussian with a diagonal
/// covariance (Kaldi: <c>GaussClusterable</c>).
/// </summary>
public sealed class ClusterStatistics
{
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);

    private readonly double[] _sums;

    /// <summary>Creates statistics of no frame.</summary>
    /// <param name="dimension">The number of values of a frame.</param>
    /// <param name="varianceFloor">The smallest variance in the objective.</param>
    public ClusterStatistics(int dimension, double varianceFloor)
        : this(new double[2 * dimension], 0, varianceFloor)
    {
    }

    // The sums, and behind them the sums of squares.
    private ClusterStatistics(double[] sums, double count, double varianceFloor)
    {
        _sums = sums;
        Count = count;
        VarianceFloor = varianceFloor;
    }

    /// <summary>Gets the number of frames.</summary>
    public double Count { get; private set; }

    /// <summary>Gets the smallest variance in the objective.</summary>
    public double VarianceFloor { get; }

    /// <summary>Gets the number of values of a frame.</summary>
    public int Dimension => _sums.Length / 2;

    /// <summary>Gets the sum of the frames.</summary>
    public ReadOnlySpan<double> Sums => _sums.AsSpan(0, Dimension);

    /// <summary>Gets the sum of the frames' squares.</summary>
    public ReadOnlySpan<double> SquareSums => _sums.AsSpan(Dimension);

    /// <summary>Wraps sums that were computed before.</summary>
    /// <param name="sums">The sum of the frames.</param>
    /// <param name="squareSums">The sum of their squares.</param>
    /// <param name="count">Their number.</param>
    /// <param name="varianceFloor">The smallest variance in the objective.</param>
    /// <exception cref="ArgumentException">The two sums have different dimensions.</exception>
    public static ClusterStatistics FromSums(
        ReadOnlySpan<double> sums, ReadOnlySpan<double> squareSums, double count, double varianceFloor) => sums.Length == squareSums.Length
        ? new([.. sums, .. squareSums], count, varianceFloor)
        : throw new ArgumentException($"The sums have {sums.Length} values and the sums of squares {squareSums.Length}.");

    /// <summary>Adds a frame.</summary>
    /// <param name="frame">Its values, <see cref="Dimension"/> of them.</param>
    public void AddFrame(ReadOnlySpan<float> frame)
    {
        Count++;
        var sums = _sums.AsSpan(0, frame.Length);
        var squares = _sums.AsSpan(Dimension, frame.Length);
        for (var i = 0; i < frame.Length; i++)
        {
            sums[i] += frame[i];
            squares[i] += (double)frame[i] * frame[i];
        }
    }

    /// <summary>Adds the frames of other statistics.</summary>
    public void Add(ClusterStatistics other)
    {
        Count += other.Count;
        TensorPrimitives.Add<double>(_sums, other._sums, _sums);
    }

    /// <summary>Takes the frames of other statistics away.</summary>
    public void Subtract(ClusterStatistics other)
    {
        Count -= other.Count;
        TensorPrimitives.Subtract<double>(_sums, other._sums, _sums);
    }

    /// <summary>Makes a copy that changes on its own.</summary>
    public ClusterStatistics Clone() => new([.. _sums], Count, VarianceFloor);

    /// <summary>Computes the log-likelihood of the frames under the Gaussian of their mean and variance; 0 for no frame.</summary>
    public float Objective() => Objective(_sums, Count, VarianceFloor);

    /// <summary>Computes the objective of the frames of two statistics together.</summary>
    public static float ObjectiveOfSum(ClusterStatistics first, ClusterStatistics second)
    {
        Span<double> sums = first._sums.Length <= 512 ? stackalloc double[first._sums.Length] : new double[first._sums.Length];
        TensorPrimitives.Add<double>(first._sums, second._sums, sums);
        return Objective(sums, first.Count + second.Count, first.VarianceFloor);
    }

    // Single precision is part of Kaldi's trees: it decides between splits that are nearly as good as each other.
    private static float Objective(ReadOnlySpan<double> sums, double count, double varianceFloor)
    {
        if (count <= 0)
            return 0;

        var dimension = sums.Length / 2;
        var perFrame = 0.0;
        var logs = 0.0;
        var product = 1.0;
        for (var d = 0; d < dimension; d++)
        {
            var mean = sums[d] / count;
            var variance = (sums[dimension + d] / count) - (mean * mean);
            var floored = Math.Max(variance, varianceFloor);
            perFrame += -0.5 * variance / floored;

            // One logarithm for many factors.
            product *= floored;
            if (product is < 1e-10 or > 1e10)
            {
                logs += Math.Log(product);
                product = 1;
            }
        }

        logs += Math.Log(product);
        perFrame += -0.5 * (logs + (LogTwoPi * dimension));
        return double.IsNaN(perFrame) ? 0 : (float)(perFrame * count);
    }
}
