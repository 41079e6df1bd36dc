using System.Globalization;
using Mimir.Base;

namespace Mimir.Dist.Launch;

/// <summary>Reads the rank of a process from its environment variables.</summary>
/// <remarks>
/// Open MPI, MPICH (and its kin that speak PMI) and torchrun start every worker themselves, so two of them that disagree
/// are an error. Slurm's variables are inherited by every process inside an allocation, so they count only when no other
/// launcher's are set, and only inside a step (<c>srun</c>).
/// </remarks>
public static class LaunchEnvironment
{
    private static readonly Source[] Launchers =
    [
        new(
            "Open MPI",
            "OMPI_COMM_WORLD_RANK",
            "OMPI_COMM_WORLD_SIZE",
            "OMPI_COMM_WORLD_LOCAL_RANK",
            "OMPI_COMM_WORLD_LOCAL_SIZE",
            "PMIX_NAMESPACE"),
        new("MPICH", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS", "PMI_JOBID"),
        new("torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "TORCHELASTIC_RUN_ID"),
        new("Slurm", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", "SLURM_STEP_TASKS_PER_NODE", "SLURM_JOB_ID"),
    ];

    /// <summary>Finds this process's place in its job.</summary>
    /// <param name="variables">The environment.</param>
    /// <returns>The rank and the job, or null when no launcher has started the process.</returns>
    /// <exception cref="InputException">A variable is missing, is no number, or contradicts another; the message names it.</exception>
    public static WorkerPlace? Read(IReadOnlyDictionary<string, string> variables)
    {
        List<WorkerPlace> places = [];
        foreach (var source in Launchers)
        {
            if (source.Launcher == "Slurm" && (places.Count > 0 || !variables.ContainsKey(source.Size)))
                continue;

            if (Claim(variables, source) is { } place)
                places.Add(place);
        }

        foreach (var other in places.Skip(1))
        {
            var first = places[0];
            if (other.Rank != first.Rank || other.WorldSize != first.WorldSize)
            {
                throw new InputException(
                    $"the environment contradicts itself: {first.Launcher} says worker {first.Rank} of {first.WorldSize}, "
                    + $"{other.Launcher} says worker {other.Rank} of {other.WorldSize}; "
                    + $"unset the variables of one of them ({Name(first)} or {Name(other)})");
            }
        }

        return places.Count == 0 ? null : WithMeetingPoint(places[0], variables);
    }

    private static string Name(WorkerPlace place) => Launchers.First(source => source.Launcher == place.Launcher).Rank;

    private static WorkerPlace? Claim(IReadOnlyDictionary<string, string> variables, Source source)
    {
        var rank = Number(variables, source.Rank);
        var size = Number(variables, source.Size);
        if (rank is null && size is null)
            return null;

        if (rank is null || size is null)
        {
            var (given, missing) = rank is null ? (source.Size, source.Rank) : (source.Rank, source.Size);
            throw new InputException($"{given} is set but {missing} is not; {source.Launcher} sets both");
        }

        if (size < 1 || rank >= size)
            throw new InputException($"{source.Rank}={rank} and {source.Size}={size}: expected a rank below the number of workers");

        var localRank = Number(variables, source.LocalRank);
        var localSize = source.Launcher == "Slurm" ? null : Number(variables, source.LocalSize);
        if (localRank >= localSize || localSize > size)
        {
            throw new InputException(
                $"{source.LocalRank}={localRank} and {source.LocalSize}={localSize} of {size} workers: "
                + "expected a rank below the number on this machine");
        }

        return new(source.Launcher, rank.Value, size.Value, localRank, localSize, JobId: variables.GetValueOrDefault(source.Job));
    }

    private static WorkerPlace WithMeetingPoint(WorkerPlace place, IReadOnlyDictionary<string, string> variables)
    {
        var host = variables.GetValueOrDefault("MASTER_ADDR");
        if (host is null && place.Launcher == "Slurm")
            host = variables.GetValueOrDefault("SLURM_LAUNCH_NODE_IPADDR");

        var port = Number(variables, "MASTER_PORT");
        if (port is 0 or > ushort.MaxValue)
            throw new InputException($"MASTER_PORT={port}: expected a port from 1 to {ushort.MaxValue}");

        return place with { Host = string.IsNullOrEmpty(host) ? null : host, Port = port };
    }

    private static int? Number(IReadOnlyDictionary<string, string> variables, string name)
    {
        if (!variables.TryGetValue(name, out var text) || text.Length == 0)
            return null;

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"{name}={text}: expected a whole number, 0 or more");
    }

    private sealed record Source(string Launcher, string Rank, string Size, string LocalRank, string LocalSize, string Job);
}
