using System.Numerics.Tensors;
using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates.Blocks;

/// <summary>
/// Training in blocks: each worker takes steps of its own, and after a number of frames the models become one, by a rule such as
/// model averaging or blockwise model-update filtering.
/// </summary>
/// <remarks>
/// <para>A block is two exchanges: of each worker's frames, the end of its data, and a check that its model is finite; then of the
/// sum. A worker whose data have ended joins the others' blocks with zero frames from <see cref="Flush"/>, until all have ended.</para>
/// <para>A worker's own model is read only until a block is done, so that an interrupted block is done again later, by
/// those that are left, and nothing that they have learnt is lost or counted twice.</para>
/// </remarks>
internal sealed class BlockUpdate : IUpdateMode
{
    private const string Counters = "block.counters";
    private readonly IBlockRule _rule;
    private readonly ExchangeMeter _meter;
    private readonly UpdateSignals _signals;
    private readonly EndedEpochs _epochs = new();
    private BlockOptions _options;
    private ICollective _collective;
    private float[] _sum = [];
    private long _frames;
    private long _framesDone;
    private long _blocks = -1;

    public BlockUpdate(BlockOptions options, UpdateContext context)
    {
        _options = options;
        _rule = options.CreateRule();
        _collective = context.Collective;
        _signals = context.Signals;
        _meter = new(context.Time);
    }

    /// <inheritdoc/>
    public UpdateStatistics Statistics => _meter.Read();

    /// <summary>Gets or sets the frames done since the last block.</summary>
    internal long FramesInBlock
    {
        get => _frames;
        set => _frames = value;
    }

    /// <inheritdoc/>
    public void Begin(Memory<float> model)
    {
        using (_meter.Exchange(model.Length, waits: true))
            _collective.Broadcast(model.Span, root: 0);

        // Begun again, as when a schedule goes back to an earlier model, it has no momentum; the frames of warming up count on.
        Start(model.Span, Math.Max(0, _blocks), _framesDone, frames: 0);
    }

    /// <inheritdoc/>
    public void GradientReady(Memory<float> gradients, int offset, int count)
    {
        // Gradients stay where they are.
    }

    /// <inheritdoc/>
    public long BeforeStep(Memory<float> gradients, int frames) => frames;

    /// <inheritdoc/>
    public UpdateOutcome AfterStep(Memory<float> model, int frames, double rate) => AfterFrames(model, frames);

    /// <inheritdoc/>
    public UpdateOutcome Flush(Memory<float> model)
    {
        var outcome = UpdateOutcome.Nothing;
        if (_epochs.TakeEnded())
            return outcome;

        bool allEnded;
        do
        {
            outcome = outcome.Then(Block(model, ended: true, out allEnded));
        }
        while (!allEnded && !_signals.HasReceived);

        if (!allEnded)
            return outcome with { Unfinished = true };

        _epochs.Count++;
        return outcome;
    }

    /// <inheritdoc/>
    public UpdateOutcome Regroup(ICollective collective, Memory<float> model) => Regroup(collective, collective, model);

    /// <inheritdoc/>
    public void Tune(UpdateOptions options)
    {
        _options = UpdateOptions.Same(_options, options);
        _rule.Tune(_options);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> SaveState()
    {
        var state = new Dictionary<string, float[]> { [Counters] = WholeNumbers.ToFloats(_blocks, _framesDone, _frames, _epochs.Count) };
        foreach (var (name, values) in _rule.Vectors)
            state.Add($"block.{name}", [.. values]);
        return state;
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model)
    {
        var counters = state.Numbers(Counters, 4);
        Start(model.Span, counters[0], counters[1], counters[2]);
        _epochs.Count = counters[3];
        foreach (var (name, values) in _rule.Vectors)
            state.Vector($"block.{name}", model.Length).CopyTo(values, 0);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The caller disposes of the collective.
    }

    /// <summary>Counts frames and does a block when there are enough.</summary>
    internal UpdateOutcome AfterFrames(Memory<float> model, long frames)
    {
        _frames += frames;
        return _frames < _options.PeriodFrames ? UpdateOutcome.Nothing : Block(model, ended: false, out _);
    }

    /// <summary>Goes on with other members.</summary>
    /// <param name="members">Joins all members; their states are compared.</param>
    /// <param name="replicas">Joins those that sum their models from now on.</param>
    /// <param name="model">This worker's parameters.</param>
    internal UpdateOutcome Regroup(ICollective members, ICollective replicas, Memory<float> model)
    {
        _collective = replicas;
        using var measured = _meter.Exchange(0, waits: true);
        var blocks = NumberExchange.Gather(members, _blocks, _framesDone, _epochs.Count);
        var furthest = NumberExchange.Furthest(blocks, 0);
        var (most, framesDone) = (blocks[furthest][0], blocks[furthest][1]);
        if (most < 0)
            throw new InvalidOperationException("no member has begun, so there is no model to go on with");

        _epochs.CatchUp(blocks.Max(numbers => numbers[2]), isNew: _blocks < 0);
        if (blocks.All(numbers => numbers[0] == most))
            return UpdateOutcome.Nothing;

        // The furthest has done a block that was interrupted elsewhere, or this is a newcomer; its sums hold what those behind had learnt.
        var behind = _blocks < most;
        if (behind)
            Start(model.Span, most, framesDone, frames: 0);

        foreach (var (_, values) in _rule.Vectors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            members.Broadcast(values, furthest);

        if (behind)
            _rule.Vectors["anchor"].CopyTo(model.Span);

        return new(ModelReplaced: behind, ForgetMomentum: behind && _rule.ForgetsMomentum);
    }

    private void Start(ReadOnlySpan<float> model, long blocks, long framesDone, long frames)
    {
        _rule.Start(model);
        _sum = new float[model.Length];
        (_framesDone, _frames) = (framesDone, frames);
        SetBlocks(blocks);
    }

    private void SetBlocks(long blocks)
    {
        _blocks = blocks;
        _signals.Blocks = Math.Max(0, blocks);
    }

    private UpdateOutcome Block(Memory<float> model, bool ended, out bool allEnded)
    {
        if (model.Length != _sum.Length)
            throw new ArgumentException($"expected the model of {_sum.Length} parameters, got {model.Length}", nameof(model));

        _signals.BlockStarting?.Invoke(_blocks + 1);
        using var measured = _meter.Exchange(model.Length, waits: true);
        var isFinite = float.IsFinite(TensorPrimitives.SumOfMagnitudes<float>(model.Span));
        var all = NumberExchange.Gather(_collective, _frames, ended ? 1 : 0, isFinite ? 1 : 0, _signals.Outgoing);
        allEnded = all.All(numbers => numbers[1] == 1);
        var broken = Array.FindIndex(all, numbers => numbers[2] == 0);
        if (broken >= 0)
        {
            throw new ArithmeticException(
                $"the model of worker {_collective.Group.Members[broken]} is not finite in block {_blocks + 1}: lower the learning rate");
        }

        var total = all.Sum(numbers => numbers[0]);
        if (total == 0)
        {
            _signals.Receive(NumberExchange.Bits(all, 3));
            return UpdateOutcome.Nothing;
        }

        var share = new BlockShare(all.Length, all.Count(numbers => numbers[0] > 0), _frames, total, _framesDone);
        _rule.Contribute(model.Span, _sum, share);
        _collective.AllReduceSum(_sum);
        _rule.Apply(_sum, model.Span, share);
        _framesDone += total;
        _frames = 0;
        SetBlocks(_blocks + 1);
        _meter.Blocks++;
        _signals.Receive(NumberExchange.Bits(all, 3));
        return new(ModelReplaced: true, _rule.ForgetsMomentum);
    }
}
