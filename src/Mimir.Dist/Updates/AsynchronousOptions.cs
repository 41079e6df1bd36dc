namespace Mimir.Dist.Updates;

/// <summary>Options of <see cref="AsynchronousUpdate"/>.</summary>
public sealed record AsynchronousOptions : UpdateOptions
{
    /// <summary>Gets the frames that a worker does between two pushes. The default is 1: it pushes after every step.</summary>
    public long PeriodFrames { get; init; } = 1;

    /// <summary>Gets how many pushes of others may come between a worker's pull and its push. The default is 8.</summary>
    /// <remarks>N workers cannot do with less than N - 1, which is the limit when this is smaller.</remarks>
    public int MaximumStaleness { get; init; } = 8;

    /// <summary>Gets a value indicating whether a push that s others overtook counts 1 / s. The default is false.</summary>
    public bool ScaleByStaleness { get; init; }

    /// <summary>Gets how delays are compensated. The default is not at all.</summary>
    public DelayCompensation Compensation { get; init; }

    /// <summary>Gets the strength L of the compensation, for mean gradients. The default is 0.04.</summary>
    public double CompensationStrength { get; init; } = 0.04;

    /// <summary>Gets the part of the old mean square that adaptive compensation keeps at each push. The default is 0.95.</summary>
    public double MeanSquareDecay { get; init; } = 0.95;

    /// <summary>Gets beta of elastic averaging in (0, 1], or null, the default, for none: then models are pulled whole.</summary>
    /// <remarks>0.9 is a good start, with some ten steps between pushes.</remarks>
    public double? Elasticity { get; init; }

    /// <summary>Gets a value indicating whether local momentum is forgotten when a model was pulled. The default is false.</summary>
    public bool ForgetMomentum { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range or does not fit together.</exception>
    public void Validate()
    {
        RequirePositive(PeriodFrames, "frames between two pushes");
        RequireWithin(MaximumStaleness, 0, int.MaxValue, "staleness");
        RequireWithin(CompensationStrength, 0, 1e6, "compensation strength");
        RequireWithin(MeanSquareDecay, 0, 1, "mean square decay");
        RequireWithin(Elasticity ?? 1, double.Epsilon, 1, "elasticity");
        if (Elasticity is not null && (Compensation != DelayCompensation.None || ScaleByStaleness))
            throw new ArgumentException("expected elastic averaging or a correction of delays, got both");
    }
}
