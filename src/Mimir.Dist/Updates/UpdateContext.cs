using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>The group, the transport and the clock that an update mode runs on.</summary>
/// <param name="Collective">Joins the workers.</param>
public sealed record UpdateContext(ICollective Collective)
{
    /// <summary>Gets the transport; parameter servers, two-tier training and compressed gradients need it.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>Gets the first of three channels of the transport that nobody else uses.</summary>
    public int Channel { get; init; } = 32;

    /// <summary>Gets the name of this worker's machine, for two-tier training; null: as the system names it.</summary>
    public string? Machine { get; init; }

    /// <summary>Gets the signals between the training loop, the mode and the other workers.</summary>
    public UpdateSignals Signals { get; init; } = new();

    /// <summary>Gets the clock of the statistics.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets this worker's rank.</summary>
    internal int Rank => Collective.Group.Members[Collective.Index];

    /// <summary>The transport.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal ITransport RequireTransport() =>
        Transport ?? throw new ArgumentException("expected a transport: this update mode needs more than collectives", nameof(Transport));
}
