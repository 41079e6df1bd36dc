using Mimir.Dist.Collectives;
using Mimir.Dist.Updates.Blocks;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Dist.Updates.TwoTier;

/// <summary>Synchronous training inside a machine, blockwise model-update filtering across machines.</summary>
internal sealed class TwoTierUpdate : IUpdateMode
{
    private readonly TwoTierOptions _options;
    private readonly UpdateContext _context;
    private readonly SyncUpdate _inside;
    private readonly BlockUpdate _across;
    private ICollective _members;
    private MachineTiers _tiers;
    private long _machineFrames;
    private bool _insideFlushed;

    public TwoTierUpdate(TwoTierOptions options, UpdateContext context)
    {
        (_options, _context, _members) = (options, context, context.Collective);
        _tiers = TiersOf(_members.Group);

        // Signals travel with the blocks; those of a machine's first worker count.
        _inside = new(
            options.Inside, context with { Collective = _tiers.Local, Channel = context.Channel + MachineTiers.Channels, Signals = new() });
        _across = new(options.Across, context with { Collective = new MachineCollective(_tiers) });
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
    public void Begin(Memory<float> model)
    {
        // The first worker of all is also that of the first machine.
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
        var (across, received) = (UpdateOutcome.Nothing, 0L);
        do
        {
            // Signals received on the way wait: the machine's own part has ended.
            across = across.Then(_across.Flush(model));
            received |= _context.Signals.TakeReceived();
        }
        while (across.Unfinished);

        _context.Signals.Receive(received);
        _insideFlushed = false;
        return inside.Then(across);
    }

    /// <inheritdoc/>
    public UpdateOutcome Regroup(ICollective collective, Memory<float> model)
    {
        _tiers.Dispose();
        _members = collective;
        _tiers = TiersOf(collective.Group);
        var outcome = _across.Regroup(_members, new MachineCollective(_tiers), model).Then(_inside.Regroup(_tiers.Local, model));

        // A worker that came back does as many frames of this block as the others of its machine have done.
        _across.FramesInBlock = NumberExchange.Gather(_tiers.Local, _across.FramesInBlock).Max(numbers => numbers[0]);
        return outcome;
    }

    /// <inheritdoc/>
    public void Tune(UpdateOptions options) => _across.Tune(UpdateOptions.Same(_options, options).Across);

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

    private MachineTiers TiersOf(WorkerGroup members) =>
        MachineTiers.Discover(_context.RequireTransport(), members, _context.Channel, _context.Machine);
}
