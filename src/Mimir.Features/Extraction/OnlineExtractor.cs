using System.Globalization;
using Mimir.Base;
using Mimir.Features.Signal;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Extraction;

/// <summary>
/// Computes the features of a wave that comes in pieces. They are those of the whole wave, whatever the pieces; only dither, where it
/// is not 0, is other noise. Memory holds a fraction of a second.
/// </summary>
public sealed class OnlineExtractor
{
    // Frames that are computed at once; the noise of each block has a seed of its own.
    private const int Block = 8;

    private readonly IFeatureExtractor _extractor;
    private readonly IFeatureExtractor _whole;
    private readonly FrameOptions _frame;
    private readonly ulong _seed;
    private List<float> _wave = [];
    private long _first;
    private long _frames;

    /// <summary>Begins a wave.</summary>
    /// <param name="options">The kind of features.</param>
    /// <param name="seed">The seed of dither.</param>
    /// <exception cref="InputException">The options need the whole wave.</exception>
    public OnlineExtractor(FeatureOptions options, ulong seed)
    {
        if (options.SubtractMean)
            throw new InputException("features.subtract-mean: the mean of a recording is not known while it comes in.");

        (_frame, _seed) = (options.Frame, seed);
        _whole = options.CreateExtractor();
        _extractor = (options with { Frame = options.Frame with { SnipEdges = true } }).CreateExtractor();
    }

    /// <summary>Takes the next samples.</summary>
    /// <param name="samples">Samples at the scale of 16-bit integers and at the rate of the options' sample-frequency.</param>
    /// <returns>The frames <c>[T, D]</c> that are whole now; often none.</returns>
    /// <exception cref="InputException">A sample is not a finite number.</exception>
    public FloatMatrix Accept(ReadOnlySpan<float> samples)
    {
        _wave.AddRange(samples);
        var parts = new List<FloatMatrix>();

        // Two windows are kept back, so that there are enough samples to be reflected at either end.
        while (SampleOf(_frames + Block - 1) + (3 * _frame.WindowSize) <= _first + _wave.Count)
            parts.Add(Next(Block));

        return Join(parts);
    }

    /// <summary>Ends the wave.</summary>
    /// <returns>The rest of the frames.</returns>
    public FloatMatrix Finish()
    {
        if (_frames == 0)
            return _whole.Compute(_wave.ToArray(), ditherSeed: SeededRandom.SeedOf(_seed, "0"));

        var samples = _first + _wave.Count;
        var left = checked((int)(CountOf(samples) - _frames));
        Reflect(SampleOf(_frames + left - 1) + _frame.WindowSize - samples);
        var parts = new List<FloatMatrix>();
        for (; left > 0; left -= Block)
            parts.Add(Next(Math.Min(left, Block)));

        return Join(parts);
    }

    private long CountOf(long samples) => _frame.SnipEdges
        ? (samples - _frame.WindowSize) / _frame.WindowShift + 1
        : (samples + (_frame.WindowShift / 2)) / _frame.WindowShift;

    private long SampleOf(long frame) => (frame * _frame.WindowShift) + _frame.FirstSample(0);

    // Kaldi: without --snip-edges a wave is reflected at its ends, the first and last sample included.
    private void Reflect(long missing)
    {
        var end = _wave.Count;
        for (var i = 1; i <= missing; i++)
            _wave.Add(_wave[end - i]);
    }

    private FloatMatrix Next(int count)
    {
        var begin = SampleOf(_frames);
        var length = ((count - 1) * _frame.WindowShift) + _frame.WindowSize;
        var wave = new float[length];
        for (var i = 0; i < length; i++)
            wave[i] = _wave[(int)((begin + i < 0 ? -1 - begin - i : begin + i) - _first)];

        _frames += count;

        // What reflection at the end may need stays.
        var dropped = (int)Math.Max(0, SampleOf(_frames) - _frame.WindowSize - _first);
        if (dropped > _wave.Count / 2)
        {
            _wave = _wave[dropped..];
            _first += dropped;
        }

        return _extractor.Compute(wave, ditherSeed: SeededRandom.SeedOf(_seed, _frames.ToString(CultureInfo.InvariantCulture)));
    }

    private FloatMatrix Join(List<FloatMatrix> parts) =>
        parts.Count == 0 ? new FloatMatrix(0, _extractor.Dimension) : FeatureFrames.Concatenate(parts);
}
