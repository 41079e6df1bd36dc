using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Gmm.Transforms;

/// <summary>The statistics of linear discriminant analysis: Kaldi's file <c>lda.acc</c>, as acc-lda writes it.</summary>
public sealed class LdaStatistics : IStatistics<LdaStatistics>
{
    private readonly double[] _counts;
    private readonly double[,] _sums;
    private readonly SymmetricMatrix _squares;
    private readonly double[] _frame;

    /// <summary>Creates statistics of no frame.</summary>
    /// <param name="classes">The number of classes.</param>
    /// <param name="dimension">The number of values of a frame.</param>
    public LdaStatistics(int classes, int dimension)
        : this(new double[classes], new double[classes, dimension], new SymmetricMatrix(dimension))
    {
    }

    private LdaStatistics(double[] counts, double[,] sums, SymmetricMatrix squares)
    {
        _counts = counts;
        _sums = sums;
        _squares = squares;
        _frame = new double[squares.Dimension];
    }

    /// <summary>Gets the number of classes.</summary>
    public int Classes => _counts.Length;

    /// <summary>Gets the number of values of a frame.</summary>
    public int Dimension => _squares.Dimension;

    /// <summary>Gets the number of frames of each class.</summary>
    public IReadOnlyList<double> Counts => _counts;

    /// <summary>Gets the sum of the frames of each class.</summary>
    internal double[,] Sums => _sums;

    /// <summary>Gets the sum of the products of all frames with themselves.</summary>
    internal SymmetricMatrix Squares => _squares;

    /// <inheritdoc/>
    public static LdaStatistics Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, ReadStatistics, "statistics of LDA");

    /// <summary>Adds a frame.</summary>
    /// <param name="number">Its class, from 0.</param>
    /// <param name="frame">Its values.</param>
    /// <param name="weight">Its weight.</param>
    public void Add(int number, ReadOnlySpan<float> frame, float weight)
    {
        TensorPrimitives.ConvertSaturating<float, double>(frame, _frame);
        _counts[number] += weight;
        var sum = RowOf(_sums, number);
        TensorPrimitives.MultiplyAdd<double>(_frame, weight, sum, sum);
        _squares.AddOuter(weight, _frame);
    }

    /// <inheritdoc/>
    public void Add(LdaStatistics other)
    {
        if ((other.Classes, other.Dimension) != (Classes, Dimension))
        {
            throw new InputException(
                $"expected statistics of {Classes} classes and {Dimension} values, as those before, got {other.Classes} and "
                + $"{other.Dimension}.");
        }

        TensorPrimitives.Add<double>(_counts, other._counts, _counts);
        for (var number = 0; number < Classes; number++)
            TensorPrimitives.Add(RowOf(_sums, number), RowOf(other._sums, number), RowOf(_sums, number));

        _squares.Add(1, other._squares);
    }

    /// <inheritdoc/>
    /// <remarks>In single precision.</remarks>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) => KaldiOutput.WriteOne(
        wxfilename,
        binary,
        writer =>
        {
            writer.WriteToken("<LDAACCS>");
            writer.WriteToken("<VECSIZE>");
            writer.WriteInt(Dimension);
            writer.WriteToken("<NUMCLASSES>");
            writer.WriteInt(Classes);
            writer.WriteToken("<ZERO_ACCS>");
            writer.WriteVector(Array.ConvertAll(_counts, count => (float)count));
            writer.WriteToken("<FIRST_ACCS>");
            var sums = new FloatMatrix(Classes, Dimension);
            for (var number = 0; number < Classes; number++)
            {
                for (var d = 0; d < Dimension; d++)
                    sums[number, d] = (float)_sums[number, d];
            }

            writer.WriteMatrix(sums);
            writer.WriteToken("<SECOND_ACCS>");
            writer.WriteSymmetricMatrix(AroundMeans(-1), asFloats: true);
            writer.WriteToken("</LDAACCS>");
        },
        io);

    private static LdaStatistics ReadStatistics(KaldiReader reader, bool binary)
    {
        reader.ExpectToken("<LDAACCS>");
        reader.ExpectToken("<VECSIZE>");
        var dimension = reader.ReadInt(binary);
        reader.ExpectToken("<NUMCLASSES>");
        var classes = reader.ReadInt(binary);
        reader.ExpectToken("<ZERO_ACCS>");
        var counts = reader.ReadDoubleVector(binary);
        reader.ExpectToken("<FIRST_ACCS>");
        var sums = reader.ReadDoubleMatrix(binary);
        reader.ExpectToken("<SECOND_ACCS>");
        var squares = reader.ReadSymmetricMatrix(binary);
        reader.ExpectToken("</LDAACCS>");
        if (dimension < 1 || classes < 1 || counts.Length != classes || sums.GetLength(0) != classes || sums.GetLength(1) != dimension
            || squares.Dimension != dimension)
            throw reader.Error($"expected {classes} counts and sums of {dimension} values, the numbers do not agree.");
        if (counts.Any(count => !double.IsFinite(count) || count < 0) || squares.Values.Any(value => !double.IsFinite(value))
            || sums.Cast<double>().Any(value => !double.IsFinite(value)))
            throw reader.Error("expected counts from 0 and finite sums, one is not.");

        var statistics = new LdaStatistics(counts, sums, squares);
        return new LdaStatistics(counts, sums, statistics.AroundMeans(1));
    }

    // In files the squares are around the mean of their class, so that single precision is enough.
    private SymmetricMatrix AroundMeans(int sign)
    {
        var squares = _squares.Clone();
        for (var number = 0; number < Classes; number++)
        {
            if (_counts[number] != 0)
                squares.AddOuter(sign / _counts[number], RowOf(_sums, number));
        }

        return squares;
    }

    private static Span<double> RowOf(double[,] matrix, int row) =>
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref matrix[row, 0], matrix.GetLength(1));
}
