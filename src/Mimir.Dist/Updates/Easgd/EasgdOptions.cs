using Mimir.Base.Options;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Updates.Easgd;

/// <summary>Elastic averaging (Zhang et al., 2015): workers' models and a server's centre pull each other, without waiting.</summary>
public sealed record EasgdOptions : ServerOptions
{
    /// <summary>Frames of a worker between two pushes; some ten steps are a good start.</summary>
    [Option("period-frames", Min = 1)]
    public override long PeriodFrames { get; init; } = 2560;

    /// <summary>The most pushes of others between a worker's pull and its push; at least workers - 1.</summary>
    [Option("max-staleness", Min = 0)]
    public override int MaxStaleness { get; init; } = 8;

    /// <summary>The strength with which models and the server's centre pull each other.</summary>
    [Option("elasticity", Min = 1e-6, Max = 1)]
    public double Elasticity { get; init; } = 0.9;

    /// <summary>True: the optimiser's momentum starts anew after a push.</summary>
    [Option("forget-momentum")]
    public override bool ForgetMomentum { get; init; }

    /// <inheritdoc/>
    internal override IServerRule CreateRule() => new ElasticAveragingRule(Elasticity);
}
