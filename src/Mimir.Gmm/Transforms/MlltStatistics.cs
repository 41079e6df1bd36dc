using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Transforms;

/// <summary>
/// The statistics of a global semi-tied covariance, or maximum likelihood linear transform: Kaldi's file <c>.macc</c>, as gmm-acc-mllt
/// writes it.
/// </summary>
public sealed class MlltStatistics : IStatistics<MlltStatistics>
{
    private readonly SymmetricMatrix[] _scatter;
    private readonly SymmetricMatrix _product;
    private readonly double[] _offset;

    /// <summary>Creates statistics of no frame.</summary>
    /// <param name="dimension">The number of values of a frame.</param>
    public MlltStatistics(int dimension)
        : this(0, [.. Enumerable.Range(0, dimension).Select(_ => new SymmetricMatrix(dimension))])
    {
    }

    private MlltStatistics(double count, SymmetricMatrix[] scatter)
    {
        Count = count;
        _scatter = scatter;
        _product = new SymmetricMatrix(scatter.Length);
        _offset = new double[scatter.Length];
    }

    /// <summary>Gets the number of values of a frame.</summary>
    public int Dimension => _scatter.Length;

    /// <summary>Gets the number of frames.</summary>
    public double Count { get; private set; }

    /// <summary>Gets for each dimension the sum of the products of offsets from means, over the variance in the dimension.</summary>
    internal IReadOnlyList<SymmetricMatrix> Scatter => _scatter;

    /// <inheritdoc/>
    public static MlltStatistics Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, ReadStatistics, "statistics of MLLT");

    /// <summary>Adds a frame of a Gaussian.</summary>
    /// <param name="frame">Its values.</param>
    /// <param name="scaledMean">The mean of the Gaussian over its variances.</param>
    /// <param name="inverseVariance">The inverse of its variances.</param>
    /// <param name="posterior">The weight of the frame.</param>
    public void Add(ReadOnlySpan<float> frame, ReadOnlySpan<float> scaledMean, ReadOnlySpan<float> inverseVariance, float posterior)
    {
        for (var d = 0; d < _offset.Length; d++)
            _offset[d] = (scaledMean[d] / inverseVariance[d]) - frame[d];

        Array.Clear(_product.Values);
        _product.AddOuter(1, _offset);
        for (var d = 0; d < _scatter.Length; d++)
            _scatter[d].Add(inverseVariance[d] * posterior, _product);

        Count += posterior;
    }

    /// <inheritdoc/>
    public void Add(MlltStatistics other)
    {
        if (other.Dimension != Dimension)
            throw new InputException($"expected statistics of {Dimension} dimensions, as those before, got {other.Dimension}.");

        Count += other.Count;
        for (var d = 0; d < _scatter.Length; d++)
            TensorPrimitives.Add<double>(_scatter[d].Values, other._scatter[d].Values, _scatter[d].Values);
    }

    /// <inheritdoc/>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) => KaldiOutput.WriteOne(
        wxfilename,
        binary,
        writer =>
        {
            writer.WriteToken("<MlltAccs>");
            writer.WriteNewLine();
            writer.WriteDouble(Count);
            writer.WriteInt(Dimension);
            writer.WriteToken("<G>");
            writer.WriteNewLine();
            foreach (var scatter in _scatter)
                writer.WriteSymmetricMatrix(scatter, asFloats: false);

            writer.WriteToken("</MlltAccs>");
            writer.WriteNewLine();
        },
        io);

    private static MlltStatistics ReadStatistics(KaldiReader reader, bool binary)
    {
        reader.ExpectToken("<MlltAccs>");
        var count = reader.ReadDouble(binary);
        var dimension = reader.ReadInt(binary);
        reader.ExpectToken("<G>");
        if (!double.IsFinite(count) || count < 0 || dimension < 1)
            throw reader.Error($"expected a count and a dimension, got {count} and {dimension}.");

        // The list grows with what is read, so that a damaged dimension allocates nothing.
        List<SymmetricMatrix> scatter = [];
        for (var d = 0; d < dimension; d++)
        {
            var matrix = reader.ReadSymmetricMatrix(binary);
            if (matrix.Dimension != dimension || !matrix.Values.All(double.IsFinite))
                throw reader.Error($"expected a finite symmetric matrix of {dimension} rows.");

            scatter.Add(matrix);
        }

        reader.ExpectToken("</MlltAccs>");
        return new MlltStatistics(count, [.. scatter]);
    }
}
