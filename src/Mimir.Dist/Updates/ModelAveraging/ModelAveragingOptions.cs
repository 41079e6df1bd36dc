using Mimir.Base.Options;
using Mimir.Dist.Updates.Blocks;

namespace Mimir.Dist.Updates.ModelAveraging;

/// <summary>Each worker trains its own model; the models are averaged now and then.</summary>
public sealed record ModelAveragingOptions : BlockOptions
{
    /// <summary>Frames of each worker between two averages.</summary>
    [Option("period-frames", Min = 1)]
    public override long PeriodFrames { get; init; } = 25_600;

    /// <summary>True: the optimiser's momentum starts anew after an average. CNTK keeps it.</summary>
    [Option("forget-momentum")]
    public bool ForgetMomentum { get; init; }

    /// <inheritdoc/>
    internal override int BlockPasses => 1 + 2 + 4;

    /// <inheritdoc/>
    internal override IBlockRule CreateRule() => new ModelAveragingRule(ForgetMomentum);
}
