using Mimir.Dist.Collectives;
using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates.Sync;

/// <summary>
/// Synchronous training: every step is taken with the gradients of all workers, which are summed bucket by bucket, by
/// default on a thread of their own during the backward pass (<see cref="SyncOptions.Overlap"/>).
/// </summary>
/// <remarks>
/// <para>All workers get the same bits and take the same steps; N workers do what one does with the same global batch, to the
/// rounding of the sum. A round exchanges first which workers' data have ended, then the buckets from the end to the begin, then
/// the frames of each.</para>
/// <para>The residuals of compressed gradients are cleared at the end of an epoch and when a group forms anew: there the model
/// may be another one, and a checkpoint of one worker serves all.</para>
/// </remarks>
internal sealed class SyncUpdate : IUpdateMode
{
    private const string Counters = "sync.counters";
    private readonly SyncOptions _options;
    private readonly ExchangeMeter _meter;
    private readonly UpdateSignals _signals;
    private readonly EndedEpochs _epochs = new();
    private readonly ITransport? _transport;
    private readonly int _channel;
    private IWorkQueue _work;
    private ICollective _collective;
    private CompressedBuckets? _sums;
    private GradientBuckets _buckets;
    private bool _inRound;
    private bool _allEnded;
    private bool _begun;
    private int _length;
    private long _steps;

    public SyncUpdate(SyncOptions options, UpdateContext context)
    {
        _options = options;
        _signals = context.Signals;
        _transport = options.Compression == GradientCompression.None ? null : context.RequireTransport();
        (_collective, _channel) = (context.Collective, context.Channel);
        _work = QueueFor(_collective);
        _meter = new(context.Time);
        _sums = CompressedSums();
    }

    /// <inheritdoc/>
    public UpdateStatistics Statistics => _meter.Read();

    private bool IsAlone => _collective.Group.Size == 1;

    /// <inheritdoc/>
    public void Begin(Memory<float> model)
    {
        using (_meter.Exchange(model.Length, waits: true))
            _collective.Broadcast(model.Span, root: 0);

        _length = model.Length;
        _begun = true;
    }

    /// <inheritdoc/>
    public void GradientReady(Memory<float> gradients, int offset, int count)
    {
        if (IsAlone)
            return;

        StartRound(gradients.Length, ended: false);
        _buckets.Ready(offset, count);
        SumReadyBuckets(gradients);
    }

    /// <inheritdoc/>
    public long BeforeStep(Memory<float> gradients, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        if (IsAlone)
        {
            _signals.Receive(_signals.Outgoing);
            if (frames > 0)
                CountStep();
            return frames;
        }

        return Round(gradients, frames);
    }

    /// <inheritdoc/>
    public UpdateOutcome AfterStep(Memory<float> model, int frames, double rate) => UpdateOutcome.Nothing;

    /// <inheritdoc/>
    /// <remarks>When <see cref="BeforeStep"/> has given 0, all models are the same and none is sent. A worker that calls it earlier joins
    /// the others' rounds with zeros, misses their steps, and gets the model in the end.</remarks>
    public UpdateOutcome Flush(Memory<float> model)
    {
        if (_epochs.TakeEnded())
            return UpdateOutcome.Nothing;

        var steps = _steps;
        if (!_allEnded && !IsAlone)
        {
            var zeros = new float[_length];
            do
                Round(zeros, frames: 0);
            while (!_allEnded);
        }

        _steps = steps;
        var outcome = Agree(model);
        _allEnded = false;
        _epochs.Count++;
        _sums?.Clear();
        return outcome;
    }

    /// <inheritdoc/>
    /// <remarks>When the loss came between the steps of two members, those behind get the model of the furthest, and all forget
    /// their momentum, so that they stay alike.</remarks>
    public UpdateOutcome Regroup(ICollective collective, Memory<float> model)
    {
        _work.Abandon();
        _work.Dispose();
        _collective = collective;
        _sums = CompressedSums();
        _work = QueueFor(collective);
        (_inRound, _allEnded) = (false, false);
        _length = model.Length;
        return Agree(model);
    }

    /// <inheritdoc/>
    /// <remarks>No setting of this mode may change.</remarks>
    public void Tune(UpdateOptions options) => UpdateOptions.Same(_options, options);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]> { [Counters] = WholeNumbers.ToFloats(_steps, _epochs.Count) };
        if (_sums?.Save() is { } residuals && residuals.AsSpan().ContainsAnyExcept(0))
            state.Add(ResidualsKey(), residuals);

        return state;
    }

    /// <inheritdoc/>
    /// <remarks>Residuals of another worker, or of a group of another size, are left aside.</remarks>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model)
    {
        var counters = state.Numbers(Counters, 2);
        (_steps, _epochs.Count) = (counters[0], counters[1]);
        _length = model.Length;
        _sums?.Restore(state.GetValueOrDefault(ResidualsKey()), model.Length, _options.BucketElements);
        _begun = true;
    }

    /// <inheritdoc/>
    public void Dispose() => _work.Dispose();

    /// <summary>Sums a step's gradients with all members.</summary>
    /// <returns>The frames of all; 0 when nobody has data left.</returns>
    private long Round(Memory<float> gradients, int frames)
    {
        if (!_inRound && frames == 0)
            gradients.Span.Clear();

        StartRound(gradients.Length, ended: frames == 0);
        _buckets.AllReady();
        SumReadyBuckets(gradients);
        var (total, received) = (0L, 0L);
        _work.Post(() =>
        {
            if (_allEnded)
                return;

            using (_meter.Exchange(0, waits: false))
            {
                var all = NumberExchange.Gather(_collective, frames, _signals.Outgoing);
                total = all.Sum(numbers => numbers[0]);
                received = NumberExchange.Bits(all, 1);
            }
        });

        // A round that fails is over all the same: what comes next is a new one.
        _inRound = false;
        using (_meter.Wait())
            _work.Finish();

        if (!_allEnded)
        {
            _signals.Receive(received);
            CountStep();
        }

        return total;
    }

    private IWorkQueue QueueFor(ICollective collective) =>
        _options.Overlap ?? (collective is not SharedMemoryCollective || _options.Compression != GradientCompression.None)
            ? new ThreadWork("gradient sums")
            : new InlineWork();

    private void CountStep()
    {
        _steps++;
        _meter.Steps++;
    }

    private void StartRound(int length, bool ended)
    {
        if (_inRound)
            return;

        _inRound = true;
        _length = length;
        _buckets = new(length, _options.BucketElements);
        _work.Post(() =>
        {
            using (_meter.Exchange(0, waits: false))
                _allEnded = NumberExchange.Gather(_collective, ended ? 1 : 0).All(numbers => numbers[0] == 1);
        });
    }

    private void SumReadyBuckets(Memory<float> gradients)
    {
        while (_buckets.TryTake(out var offset, out var count))
        {
            var bucket = gradients.Slice(offset, count);
            _work.Post(() =>
            {
                if (_allEnded)
                    return;

                if (_sums is { } sums)
                {
                    using (_meter.ExchangeBytes(sums.Bytes(bucket.Length), waits: false))
                        sums.Sum(offset, bucket.Span);
                    return;
                }

                using (_meter.Exchange(bucket.Length, waits: false))
                    _collective.AllReduceSum(bucket.Span);
            });
        }
    }

    private CompressedBuckets? CompressedSums()
    {
        IGradientCodec codec = _options.Compression == GradientCompression.Half ? new HalfCodec() : new OneBitCodec();
        return _transport is null ? null : new(_transport, _collective.Group, _channel, codec);
    }

    private string ResidualsKey() => $"sync.lost.{_collective.Index}-of-{_collective.Group.Size}";

    /// <summary>Makes all models those of a member that has taken the most steps.</summary>
    private UpdateOutcome Agree(Memory<float> model)
    {
        using var measured = _meter.Exchange(0, waits: true);
        var steps = NumberExchange.Gather(_collective, _begun ? _steps : -1, _epochs.Count);
        _epochs.CatchUp(steps.Max(numbers => numbers[1]), isNew: !_begun);
        var furthest = NumberExchange.Furthest(steps, 0);
        var most = steps[furthest][0];
        _begun = true;
        if (steps.All(numbers => numbers[0] == most))
            return UpdateOutcome.Nothing;

        var behind = steps[_collective.Index][0] < most;
        var source = behind ? model.Span : model.ToArray();
        _collective.Broadcast(source, furthest);
        _steps = most;
        return new(ModelReplaced: behind, ForgetMomentum: true);
    }
}
