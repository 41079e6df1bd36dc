namespace Mimir.Dist.Updates;

/// <summary>Options of model averaging.</summary>
public sealed record ModelAveragingOptions : UpdateOptions
{
    /// <summary>Gets the frames that a worker does between two averages. The default is 25,600.</summary>
    public long PeriodFrames { get; init; } = 25_600;

    /// <summary>Gets a value indicating whether local momentum is forgotten after an average. The default is false, as in CNTK.</summary>
    public bool ForgetMomentum { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range.</exception>
    public void Validate() => RequirePositive(PeriodFrames, "frames between two averages");
}
