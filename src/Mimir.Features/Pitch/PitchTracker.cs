using Mimir.Base;

namespace Mimir.Features.Pitch;

/// <summary>Tracks the pitch of one wave that arrives in one piece or in chunks, as Kaldi's online pitch feature does.</summary>
/// <remarks>
/// The whole resampled wave is known; a chunk only sets how much of it may be used. The result equals resampling chunk by
/// chunk, since a sample is certain when its filter lies within the samples so far.
/// </remarks>
internal sealed class PitchTracker
{
    private const int Lanes = 8;
    private const float SamePower = 0.01f;
    private const double MostBallast = 1e30;

    private readonly PitchTables _tables;
    private readonly PitchWindow _window;
    private readonly LagCorrelator _correlator;
    private readonly LagSearch _search;
    private readonly LagPath _path;
    private readonly FrameStore<float> _plain;
    private readonly FrameStore<float> _ballasted;
    private readonly FrameStore<FramePower> _powers = new(1);
    private readonly SignalPower _power = new();
    private readonly float[] _row;
    private readonly float[] _local;
    private float[] _wave = [];
    private int _waveLength;
    private bool _finished;
    private int _latency;

    /// <summary>Creates the buffers, which are reused from wave to wave.</summary>
    public PitchTracker(PitchTables tables)
    {
        _tables = tables;
        var (grid, options) = (tables.Grid, tables.Options);
        _correlator = new LagCorrelator(grid, options.WindowSize);
        var length = options.WindowSize + grid.Last;
        _window = new PitchWindow(
            options.WindowSize, length, Math.Max(length, _correlator.WindowLength), options.PreemphasisCoefficient);
        _search = new LagSearch(grid.Count, tables.ChangeCost);
        _path = new LagPath(grid.Count, grid.Count + Lanes);
        _plain = new FrameStore<float>(_correlator.PaddedLags);
        _ballasted = new FrameStore<float>(_correlator.PaddedLags);
        _row = new float[_correlator.PaddedLags];
        _local = new float[tables.Interpolator.PaddedCount + Lanes];
        _local.AsSpan().Fill(float.PositiveInfinity);
    }

    /// <summary>Gets the number of frames that can be read.</summary>
    public int FramesReady => _path.Count - _latency;

    /// <summary>Starts a wave, of which no sample has arrived yet.</summary>
    public void Start(ReadOnlySpan<float> wave)
    {
        _waveLength = _tables.Resampler.OutputLength(wave.Length);
        if (_wave.Length < _waveLength)
            _wave = new float[_waveLength];

        _tables.Resampler.Apply(wave, _wave.AsSpan(0, _waveLength));
        _search.Clear();
        _path.Clear();
        _plain.Clear();
        _ballasted.Clear();
        _powers.Clear();
        _power.Clear();
        (_finished, _latency) = (false, 0);
    }

    /// <summary>Accepts the wave up to a sample.</summary>
    /// <exception cref="InputException">Samples are not finite numbers, or too large.</exception>
    public void Accept(int samples) => Take(Math.Min(_tables.Resampler.CertainLength(samples), _waveLength));

    /// <summary>Accepts the rest of the wave and finalises all frames.</summary>
    /// <exception cref="InputException">Samples are not finite numbers, or too large.</exception>
    public void Finish()
    {
        _finished = true;
        Take(_waveLength);
        if (_path.Count < _tables.Options.RecomputeFrame && !_tables.Options.NccfBallastOnline)
            Recompute();

        _latency = 0;
    }

    /// <summary>The correlation and the pitch of a frame on the best path so far.</summary>
    /// <param name="frame">Below <see cref="FramesReady"/>.</param>
    public (float Correlation, float Pitch) Frame(int frame)
    {
        var lag = _path.Best(frame);
        return (_tables.Interpolator.At(lag, _plain.Row(frame)), (float)(1.0 / _tables.Grid.Seconds[lag]));
    }

    private void Take(int samples)
    {
        var (first, end) = (_path.Count, _tables.FrameCount(samples, _finished));
        var wave = _wave.AsSpan(0, samples);
        if (end <= first)
        {
            _power.TakeUntil(wave, samples);
            return;
        }

        if (!_tables.Options.NccfBallastOnline)
            _power.TakeUntil(wave, samples);

        for (var frame = first; frame < end; frame++)
        {
            Track(frame, wave);
            if (frame == _tables.Options.RecomputeFrame - 1 && !_tables.Options.NccfBallastOnline)
                Recompute();
        }

        _power.TakeUntil(wave, samples);
        Choose();
    }

    private void Track(int frame, ReadOnlySpan<float> wave)
    {
        var start = _tables.FirstSample(frame);
        if (_tables.Options.NccfBallastOnline)
            _power.TakeUntil(wave, (int)Math.Min(start + _window.Length, wave.Length));

        // The frame without its mean (Kaldi: --preemphasis-coefficient), and its correlation at the measured lags without ballast.
        var meanSquare = _power.MeanSquare;
        _window.Load(wave, start);
        _correlator.Load(_window.Samples);
        _correlator.Normalise(0, _plain.Add());

        // The correlation with ballast drives the search; the first --recompute-frame rows are kept for a second search.
        var row = _row.AsSpan();
        if (frame < _tables.Options.RecomputeFrame)
        {
            _powers.Add()[0] = new FramePower(_correlator.MeanEnergy, (float)meanSquare);
            row = _ballasted.Add();
        }

        _correlator.Normalise(Ballast(meanSquare), row);
        Search(frame, row);
    }

    private void Search(int frame, ReadOnlySpan<float> correlation)
    {
        // Local costs of the candidate lags (Kaldi: --soft-min-f0), then a Viterbi step (--penalty-factor).
        _tables.Interpolator.Costs(correlation, _local.AsSpan(0, _tables.Interpolator.PaddedCount));
        _search.Step(_local, _path.Backpointers(frame));
    }

    private void Choose()
    {
        _path.Choose(_search.Best);

        // Kaldi: --max-frames-latency.
        _latency = _path.Latency(_tables.Options.MaxFramesLatency);
    }

    // Kaldi: --recompute-frame. Searches the first frames again where the power behind their ballast has changed.
    private void Recompute()
    {
        var meanSquare = (float)_power.MeanSquare;
        var changed = false;
        for (var frame = 0; frame < _powers.Count; frame++)
            changed |= Differ(_powers.Row(frame)[0].MeanSquare, meanSquare);

        if (!changed)
            return;

        var ballast = Ballast(meanSquare);
        _search.Clear();
        for (var frame = 0; frame < _powers.Count; frame++)
        {
            var power = _powers.Row(frame)[0];
            var row = _ballasted.Row(frame);
            var (before, after) = (Ballast(power.MeanSquare) + power.Energy, ballast + power.Energy);
            var scale = after > 0 ? MathF.Sqrt(before / after) : 1;
            System.Numerics.Tensors.TensorPrimitives.Multiply(row, scale, row);
            Search(frame, row);
        }

        Choose();
    }

    private static bool Differ(float a, float b) => Math.Abs(a - b) > SamePower * (Math.Abs(a) + Math.Abs(b));

    private float Ballast(double meanSquare)
    {
        var energy = meanSquare * _tables.Options.WindowSize;
        var ballast = energy * energy * _tables.Options.NccfBallast;
        return ballast <= MostBallast
            ? (float)ballast
            : throw new InputException("The wave has no pitch that could be tracked; its samples are NaN or too large.");
    }

    private readonly record struct FramePower(float Energy, float MeanSquare);
}
