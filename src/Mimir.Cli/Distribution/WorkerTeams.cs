using Mimir.Dist.Launch;
using Mimir.Train.Distribution;

namespace Mimir.Cli.Distribution;

/// <summary>The team of the job that this process was started for.</summary>
internal static class WorkerTeams
{
    /// <summary>Joins the workers of the job; what they say of lost workers goes to standard error.</summary>
    /// <param name="place">This worker, or null when no launcher has started it.</param>
    internal static WorkerTeam Join(WorkerPlace? place)
    {
        if (place is null or { WorldSize: 1 })
            return WorkerTeam.Alone;

        var seat = WorkerSeat.Join(new() { Log = line => Console.Error.WriteLine($"mimir: {line}") });
        return WorkerTeam.Of(seat.Transport, place.LocalSize ?? 0, seat.Rejoins);
    }
}
