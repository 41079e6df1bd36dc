using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.Blocks;

/// <summary>Settings of a mode in which each worker takes steps of its own, and models become one in blocks, by a rule.</summary>
public abstract record BlockOptions : UpdateOptions
{
    /// <summary>Gets the frames of each worker in a block.</summary>
    public abstract long PeriodFrames { get; init; }

    /// <inheritdoc/>
    public override bool FaultTolerant => true;

    /// <inheritdoc/>
    public override bool PassesSignals => true;

    /// <inheritdoc/>
    public override bool HasBlocks => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TunableKeys => ["period-frames"];

    /// <summary>
    /// Gets the passes over the model in a block, reading and writing counted each: to check that it is finite, to make the
    /// contribution, and to make the sum into the next model.
    /// </summary>
    internal abstract int BlockPasses { get; }

    /// <inheritdoc/>
    public override long ExchangePeriod(int workersOfMachine) => PeriodFrames;

    /// <inheritdoc/>
    public override EpochTime EpochTime(EpochWork work) => BlockCost.Epoch(work, this);

    /// <summary>Creates the rule of one worker.</summary>
    internal abstract IBlockRule CreateRule();

    /// <inheritdoc/>
    private protected override IUpdateMode CreateMode(UpdateContext context) => new BlockUpdate(this, context);
}
