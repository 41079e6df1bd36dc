using Mimir.Base.Options;
using Mimir.Dist.Updates.Blocks;

namespace Mimir.Dist.Updates.Bmuf;

/// <summary>Model averaging with block momentum (Chen and Huo, 2016).</summary>
public sealed record BmufOptions : BlockOptions
{
    /// <summary>Frames of each worker in a block.</summary>
    [Option("period-frames", Min = 1)]
    public override long PeriodFrames { get; init; } = 25_600;

    /// <summary>The block momentum; without it 1 - 1 / workers.</summary>
    [Option("block-momentum", Min = 0, Max = 1, MaxExcluded = true)]
    public double? BlockMomentum { get; init; }

    /// <summary>The block learning rate.</summary>
    [Option("block-rate", Min = 0, MinExcluded = true)]
    public double BlockRate { get; init; } = 1;

    /// <summary>The kind of block momentum: classical, Nesterov's as in CNTK, or Nesterov's as Chen and Huo have it.</summary>
    [Option("kind")]
    public BlockMomentumKind Kind { get; init; } = BlockMomentumKind.Nesterov;

    /// <summary>True: the gain is block-rate (1 - block-momentum), as CNTK's, in place of block-rate / workers.</summary>
    /// <remarks>The two are the same for a block momentum of 1 - 1 / workers.</remarks>
    [Option("gain-from-momentum")]
    public bool GainFromMomentum { get; init; }

    /// <summary>True: the optimiser's momentum starts anew after a block, as in CNTK.</summary>
    [Option("forget-momentum")]
    public bool ForgetMomentum { get; init; } = true;

    /// <summary>Frames of all workers, from the start, during which blocks are plain averages.</summary>
    [Option("warm-up-frames", Min = 0)]
    public long WarmUpFrames { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> TunableKeys => ["period-frames", "block-momentum", "block-rate"];

    /// <inheritdoc/>
    internal override int BlockPasses => 1 + 3 + (Kind == BlockMomentumKind.Classical ? 10 : 13);

    /// <summary>The block momentum for a number of workers. 1 - 1/N moves the model as far as N times the frames.</summary>
    /// <param name="workers">The members of the group.</param>
    public double MomentumOf(int workers) => BlockMomentum ?? (1 - (1.0 / workers));

    /// <summary>The gain g that multiplies the summed block gradient.</summary>
    /// <param name="workers">The members of the group.</param>
    public double GainOf(int workers) => BlockRate * (GainFromMomentum ? 1 - MomentumOf(workers) : 1.0 / workers);

    /// <inheritdoc/>
    public override IEnumerable<OptionConflict> Conflicts(int workers)
    {
        if (this is { GainFromMomentum: true, BlockMomentum: 0 })
        {
            yield return new(
                "gain-from-momentum",
                "without momentum a block would move the model by what all workers did together, workers times too far; leave the key "
                + "out, or leave 'block-momentum' out for 1 - 1 / workers");
        }
    }

    /// <inheritdoc/>
    internal override IBlockRule CreateRule() => new BmufRule(this);
}

/// <summary>The way in which block momentum moves the model; the equations are at <see cref="BmufRule"/>.</summary>
public enum BlockMomentumKind
{
    /// <summary>Classical momentum.</summary>
    Classical,

    /// <summary>Nesterov's as CNTK and fairseq have it: the look-ahead stays in the model.</summary>
    Nesterov,

    /// <summary>Nesterov's as Chen and Huo have it: the next block takes the look-ahead back.</summary>
    LookAhead,
}
