using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Updates;

/// <summary>Synchronous training inside a machine, blockwise model-update filtering across machines.</summary>
public sealed class TwoTierUpdate : IUpdateMode
{
    private readonly Func<WorkerGroup, MachineTiers> _form;
    private readonly SyncUpdate _inside;
    private readonly BlockUpdate _across;
    private ICollective _members;
    private MachineTiers _tiers;
    private long _machineFrames;
    private bool _insideFlushed;
    private long _heard;

    /// <summary>Makes the mode of one worker.</summary>
    /// <param name="members">Joins all workers; used to start and to regroup.</param>
    /// <param name="form">Makes the two levels for a formation of them; the mode disposes of what it makes.</param>
    /// <param name="options">Of both levels.</param>
    /// <param name="time">The clock of the statistics; null: the system's.</param>
    /// <param name="transport">Joins the workers; needed when gradients are compressed.</param>
    /// <param name="channel">The channel of the transport for compressed gradients, which nobody else uses.</param>
    public TwoTierUpdate(
        ICollective members, Func<WorkerGroup, MachineTiers> form, TwoTierOptions? options = null, TimeProvider? time = null,
        ITransport? transport = null, int channel = 0)
    {
        options ??= new();
        options.Across.Validate();
        _members = members;
        _form = form;
        _tiers = form(members.Group);
        _inside = new(_tiers.Home, options.Inside, time, transport, channel);
        _across = new(new MachineCollective(_tiers), new BmufRule(options.Across), options.Across.PeriodFrames, time);
    }

    /// <inheritdoc/>
    public UpdateStatistics Statistics
    {
        get
        {
            var (inside, across) = (_inside.Statistics, _across.Statistics);
            return inside with
            {
                Blocks = across.Blocks,
                Bytes = inside.Bytes + across.Bytes,
                Waiting = inside.Waiting + across.Waiting,
                Exchanging = inside.Exchanging + across.Exchanging,
            };
        }
    }

    /// <inheritdoc/>
    public long Blocks => _across.Blocks;

    /// <inheritdoc/>
    /// <remarks>Told with the blocks; those of a machine's first worker count.</remarks>
    public long Signal
    {
        get => _across.Signal;
        set => _across.Signal = value;
    }

    /// <inheritdoc/>
    public Action<long>? BlockBegins { get; set; }

    /// <inheritdoc/>
    public long TakeHeard()
    {
        var heard = _heard | _across.TakeHeard();
        _heard = 0;
        return heard;
    }

    /// <inheritdoc/>
    public void Begin(Memory<float> model)
    {
        // The first of all speaks for the first machine.
        _across.Begin(model);
        _inside.Begin(model);
    }

    /// <inheritdoc/>
    public void GradientReady(Memory<float> gradients, int offset, int count) => _inside.GradientReady(gradients, offset, count);

    /// <inheritdoc/>
    public long BeforeStep(Memory<float> gradients, int frames) => _machineFrames = _inside.BeforeStep(gradients, frames);

    /// <inheritdoc/>
    public UpdateOutcome AfterStep(Memory<float> model, int frames, double rate) => _across.AfterFrames(model, _machineFrames);

    /// <inheritdoc/>
    public UpdateOutcome Flush(Memory<float> model)
    {
        // Called again after a loss across machines, the machine's own part is not done twice.
        var inside = _insideFlushed ? UpdateOutcome.Nothing : _inside.Flush(model);
        _insideFlushed = true;
        var across = UpdateOutcome.Nothing;
        do
        {
            // What is heard on the way waits: the machine's own part has ended.
            across = across.Then(_across.Flush(model));
            _heard |= _across.TakeHeard();
        }
        while (across.Unfinished);

        _insideFlushed = false;
        return inside.Then(across);
    }

    /// <inheritdoc/>
    public UpdateOutcome Regroup(ICollective collective, Memory<float> model)
    {
        _tiers.Dispose();
        _members = collective;
        _tiers = _form(collective.Group);
        var outcome = _across.Regroup(_members, new MachineCollective(_tiers), model).Then(_inside.Regroup(_tiers.Home, model));

        // Who came back does as many frames of this block as the others of its machine have done.
        _across.FramesInBlock = RollCall.Gather(_tiers.Home, _across.FramesInBlock).Max(numbers => numbers[0]);
        return outcome;
    }

    /// <inheritdoc/>
    public void Tune(UpdateOptions options)
    {
        if (options is not TwoTierOptions tiers)
            throw options.IsOfAnotherMode(nameof(TwoTierOptions));

        _across.Tune(tiers.Across);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> SaveState() =>
        _inside.SaveState().Concat(_across.SaveState()).ToDictionary(pair => pair.Key, pair => pair.Value);

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model)
    {
        _inside.LoadState(state, model);
        _across.LoadState(state, model);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inside.Dispose();
        _across.Dispose();
        _tiers.Dispose();
    }
}
