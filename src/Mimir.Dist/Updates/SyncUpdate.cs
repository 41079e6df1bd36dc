using Mimir.Dist.Collectives;
using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Collectives.SharedMemory;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>
/// Synchronous training: every step is taken with the gradients of all workers, which are summed bucket by bucket, by
/// default on a thread of their own while the backward pass goes on (<see cref="SyncOptions.Overlap"/>).
/// </summary>
/// <remarks>
/// <para>All workers get the same bits and take the same steps; N workers do what one does with the same global batch, to the
/// rounding of the sum. A round is: whose data have ended; the buckets from the end to the begin; the frames of each.</para>
/// <para>What compressed gradients have lost is forgotten at the end of an epoch and when a group forms anew: where the model
/// may be another one, and a checkpoint of one worker serves all.</para>
/// </remarks>
public sealed class SyncUpdate : IUpdateMode
{
    private const string Counters = "sync.counters";
    private readonly SyncOptions _options;
    private readonly ExchangeMeter _meter;
    private readonly EpochCount _epochs = new();
    private readonly ITransport? _transport;
    private readonly int _channel;
    private ISideWork _work;
    private ICollective _collective;
    private BucketSums? _sums;
    private Buckets _buckets;
    private bool _inRound;
    private bool _allEnded;
    private bool _begun;
    private int _length;
    private long _steps;
    private long _heard;

    /// <summary>Makes the mode of one worker.</summary>
    /// <param name="collective">Joins the workers.</param>
    /// <param name="options">The size of buckets.</param>
    /// <param name="time">The clock of the statistics; null: the system's.</param>
    /// <param name="transport">Joins the workers; needed when gradients are compressed.</param>
    /// <param name="channel">The channel of the transport for compressed gradients, which nobody else uses.</param>
    public SyncUpdate(
        ICollective collective, SyncOptions? options = null, TimeProvider? time = null, ITransport? transport = null, int channel = 0)
    {
        _options = options ?? new();
        _options.Validate();
        if (_options.Compression != GradientCompression.None && transport is null)
            throw new ArgumentException("expected a transport: compressed gradients need more than collectives", nameof(transport));

        (_collective, _transport, _channel) = (collective, transport, channel);
        _work = WorkOver(collective);
        _meter = new(time ?? TimeProvider.System);
        _sums = Sums();
    }

    /// <inheritdoc/>
    public UpdateStatistics Statistics => _meter.Read();

    /// <inheritdoc/>
    public long Blocks => 0;

    /// <inheritdoc/>
    public long Signal { get; set; }

    /// <inheritdoc/>
    public Action<long>? BlockBegins { get; set; }

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
    public long TakeHeard()
    {
        var heard = IsAlone ? Signal : _heard;
        _heard = 0;
        return heard;
    }

    /// <inheritdoc/>
    public void GradientReady(Memory<float> gradients, int offset, int count)
    {
        if (IsAlone)
            return;

        StartRound(gradients.Length, ended: false);
        _buckets.Ready(offset, count);
        SumWhatIsReady(gradients);
    }

    /// <inheritdoc/>
    public long BeforeStep(Memory<float> gradients, int frames)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        if (IsAlone)
        {
            if (frames > 0)
                CountStep();
            return frames;
        }

        return Round(gradients, frames);
    }

    /// <inheritdoc/>
    public UpdateOutcome AfterStep(Memory<float> model, int frames, double rate) => UpdateOutcome.Nothing;

    /// <inheritdoc/>
    /// <remarks>When <see cref="BeforeStep"/> has given 0, all models are the same and none is sent. Who calls it earlier joins
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
        _epochs.Ended++;
        _sums?.Forget();
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
        _sums = Sums();
        _work = WorkOver(collective);
        (_inRound, _allEnded) = (false, false);
        _length = model.Length;
        return Agree(model);
    }

    /// <inheritdoc/>
    public void Tune(UpdateOptions options)
    {
        if (options is not SyncOptions)
            throw options.IsOfAnotherMode(nameof(SyncOptions));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]> { [Counters] = WholeNumbers.ToFloats(_steps, _epochs.Ended) };
        if (_sums?.Lost() is { } lost && lost.AsSpan().ContainsAnyExcept(0))
            state.Add(LostBy(), lost);

        return state;
    }

    /// <inheritdoc/>
    /// <remarks>What compressed gradients have lost on another worker, or in a group of another size, is left aside.</remarks>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model)
    {
        var counters = state.Numbers(Counters, 2);
        (_steps, _epochs.Ended) = (counters[0], counters[1]);
        _length = model.Length;
        _sums?.Restore(state.GetValueOrDefault(LostBy()), model.Length, _options.BucketElements);
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
        SumWhatIsReady(gradients);
        var total = 0L;
        _work.Post(() =>
        {
            if (_allEnded)
                return;

            using (_meter.Exchange(0, waits: false))
            {
                var roll = RollCall.Gather(_collective, frames, Signal);
                (total, _heard) = (roll.Sum(numbers => numbers[0]), RollCall.Bits(roll, 1));
            }
        });

        // A round that fails is over all the same: what comes next is a new one.
        _inRound = false;
        using (_meter.Wait())
            _work.Finish();

        if (!_allEnded)
            CountStep();

        return total;
    }

    private ISideWork WorkOver(ICollective collective) =>
        _options.Overlap ?? (collective is not SharedMemoryCollective || _options.Compression != GradientCompression.None)
            ? new SideThread("gradient sums")
            : new LateWork();

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
                _allEnded = RollCall.Gather(_collective, ended ? 1 : 0).All(numbers => numbers[0] == 1);
        });
    }

    private void SumWhatIsReady(Memory<float> gradients)
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

    private BucketSums? Sums() => _transport is null || _options.Compression == GradientCompression.None
        ? null
        : new(_transport, _collective.Group, _channel, _options.Compression == GradientCompression.Half ? new HalfCodec() : new OneBitCodec());

    private string LostBy() => $"sync.lost.{_collective.Index}-of-{_collective.Group.Size}";

    /// <summary>Makes all models those of a member that has taken the most steps.</summary>
    private UpdateOutcome Agree(Memory<float> model)
    {
        using var measured = _meter.Exchange(0, waits: true);
        var steps = RollCall.Gather(_collective, _begun ? _steps : -1, _epochs.Ended);
        _epochs.CatchUp(steps.Max(numbers => numbers[1]), isNew: !_begun);
        var furthest = RollCall.Furthest(steps, 0);
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
