namespace Mimir.Train.Data;

/// <summary>
/// The mean and variance of every dimension of spliced features, without splicing them: the input of the first layer is
/// shifted and scaled by them, as Kaldi's cmvn-to-nnet does over the output of the splice.
/// </summary>
/// <remarks>
/// A frame at offset o sees the same rows as at offset 0 except near an utterance's ends, where |o| rows fall out at one
/// end and the row at the other end is repeated |o| times. So each utterance is summed once, in double, and corrected by
/// its first and last rows for each offset.
/// </remarks>
public sealed class SplicedMoments
{
    // A variance below this is a constant dimension; the floor is Kaldi's.
    private const double VarianceFloor = 1e-10;

    private readonly int _left;
    private readonly int _dim;
    private readonly double[] _sums;
    private readonly double[] _squares;
    private double _frames;

    /// <summary>Starts with no frames.</summary>
    /// <param name="left">Frames of context before, 0 or more.</param>
    /// <param name="right">Frames of context after, 0 or more.</param>
    /// <param name="dim">The values of a frame.</param>
    /// <param name="delay">Frames by which the whole context lies later. The default is 0.</param>
    public SplicedMoments(int left, int right, int dim, int delay = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(left);
        ArgumentOutOfRangeException.ThrowIfNegative(right);
        (_left, _dim) = (left - delay, dim);
        _sums = new double[(left + 1 + right) * dim];
        _squares = new double[_sums.Length];
    }

    /// <summary>Adds an utterance.</summary>
    /// <param name="features">Its frames <c>[T, D]</c>, row-major.</param>
    public void Add(ReadOnlySpan<float> features)
    {
        var frames = features.Length / _dim;
        if (frames == 0)
            return;

        var sums = new double[_dim];
        var squares = new double[_dim];
        for (var frame = 0; frame < frames; frame++)
            AddRow(features.Slice(frame * _dim, _dim), 1, sums, squares);

        for (var offset = 0; offset < _sums.Length / _dim; offset++)
        {
            var offsetSums = _sums.AsSpan(offset * _dim, _dim);
            var offsetSquares = _squares.AsSpan(offset * _dim, _dim);
            for (var d = 0; d < _dim; d++)
            {
                offsetSums[d] += sums[d];
                offsetSquares[d] += squares[d];
            }

            AddEdges(features, frames, offset - _left, offsetSums, offsetSquares);
        }

        _frames += frames;
    }

    /// <summary>The shift of each spliced value that brings its mean to 0.</summary>
    public float[] Shift() => [.. _sums.Select(sum => (float)(_frames == 0 ? 0 : -sum / _frames))];

    /// <summary>The scale of each shifted value that brings its variance to 1.</summary>
    public float[] Scale()
    {
        var scale = new float[_sums.Length];
        for (var d = 0; d < scale.Length; d++)
        {
            var mean = _sums[d] / _frames;
            var variance = (_squares[d] / _frames) - (mean * mean);
            scale[d] = _frames == 0 ? 1 : (float)(1 / Math.Sqrt(Math.Max(variance, VarianceFloor)));
        }

        return scale;
    }

    private void AddEdges(
        ReadOnlySpan<float> features, int frames, int offset, Span<double> sums, Span<double> squares)
    {
        var moved = Math.Min(Math.Abs(offset), frames);
        var (repeated, firstLost) = offset < 0 ? (0, frames - moved) : (frames - 1, 0);
        AddRow(features.Slice(repeated * _dim, _dim), moved, sums, squares);
        for (var row = firstLost; row < firstLost + moved; row++)
            AddRow(features.Slice(row * _dim, _dim), -1, sums, squares);
    }

    private static void AddRow(ReadOnlySpan<float> row, int times, Span<double> sums, Span<double> squares)
    {
        for (var d = 0; d < row.Length; d++)
        {
            var value = (double)row[d];
            sums[d] += times * value;
            squares[d] += times * value * value;
        }
    }
}
