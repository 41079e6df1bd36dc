using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>What a mode runs on.</summary>
/// <param name="Collective">Joins the workers.</param>
public sealed record UpdateContext(ICollective Collective)
{
    /// <summary>Gets the transport; asynchronous and two-tier training and compressed gradients need it.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>Gets the first of three channels of the transport that nobody else uses. The default is 32.</summary>
    public int Channel { get; init; } = 32;

    /// <summary>Gets this worker's machine, for two-tier training; null: as the system names it.</summary>
    public string? Machine { get; init; }

    /// <summary>Gets the clock of the statistics.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
