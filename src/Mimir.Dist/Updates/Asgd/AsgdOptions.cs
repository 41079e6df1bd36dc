using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Dist.Updates.Easgd;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Updates.Asgd;

/// <summary>Workers send what their steps do to a parameter server and do not wait for each other.</summary>
public sealed record AsgdOptions : ServerOptions
{
    /// <summary>Frames of a worker between two pushes; 1: it pushes after every step.</summary>
    [Option("period-frames", Min = 1)]
    public override long PeriodFrames { get; init; } = 1;

    /// <summary>The most pushes of others between a worker's pull and its push; at least workers - 1.</summary>
    [Option("max-staleness", Min = 0)]
    public override int MaxStaleness { get; init; } = 8;

    /// <summary>True: a push that s others overtook counts 1 / s.</summary>
    [Option("scale-by-staleness")]
    public bool ScaleByStaleness { get; init; }

    /// <summary>The server's correction of what was computed at an older model (Zheng et al., 2017).</summary>
    [Option("delay-compensation")]
    public DelayCompensation Compensation { get; init; }

    /// <summary>The strength of the compensation, for mean gradients.</summary>
    [Option("compensation-strength", Min = 0, Max = 1e6)]
    public double CompensationStrength { get; init; } = 0.04;

    /// <summary>The part of the old mean square that adaptive compensation keeps at each push.</summary>
    [Option("mean-square-decay", Min = 0, Max = 1)]
    public double MeanSquareDecay { get; init; } = 0.95;

    /// <summary>
    /// Elastic averaging: the strength with which models and the server's centre pull each other; without it models are pulled whole.
    /// </summary>
    /// <remarks>0.9 is a good start, with some ten steps between pushes. See <see cref="ElasticAveragingRule"/>.</remarks>
    [Option("elasticity", Min = 1e-6, Max = 1)]
    public double? Elasticity { get; init; }

    /// <summary>True: the optimiser's momentum starts anew when a model was pulled.</summary>
    [Option("forget-momentum")]
    public override bool ForgetMomentum { get; init; }

    private bool CorrectsDelays => Compensation != DelayCompensation.None || ScaleByStaleness;

    /// <inheritdoc/>
    public override IEnumerable<OptionConflict> Conflicts(int workers)
    {
        var defaults = new AsgdOptions();
        if (Elasticity is not null && CorrectsDelays)
        {
            yield return new(
                "elasticity",
                "elastic averaging has no delays to correct; leave out 'delay-compensation' and 'scale-by-staleness', or 'elasticity'");
        }

        if (Compensation == DelayCompensation.None && CompensationStrength != defaults.CompensationStrength)
            yield return new("compensation-strength", "nothing is compensated; set 'delay-compensation' to constant or adaptive as well");

        if (Compensation != DelayCompensation.Adaptive && MeanSquareDecay != defaults.MeanSquareDecay)
        {
            yield return new(
                "mean-square-decay", "only adaptive compensation has a mean square; set 'delay-compensation' to adaptive as well");
        }
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Elasticity is not null && CorrectsDelays)
            throw new InputException("expected elastic averaging or a correction of delays, got both");
    }

    /// <inheritdoc/>
    internal override IServerRule CreateRule() => Elasticity is { } elasticity ? new ElasticAveragingRule(elasticity) : new AsgdRule(this);
}

/// <summary>The correction of a gradient that was computed at an older model; the equations are at <see cref="AsgdRule"/>.</summary>
public enum DelayCompensation
{
    /// <summary>None.</summary>
    None,

    /// <summary>g + L g g (W - W_pulled), elementwise.</summary>
    Constant,

    /// <summary>As before with L / sqrt(mean square of g) in place of L.</summary>
    Adaptive,
}
