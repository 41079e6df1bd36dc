namespace Mimir.Dist;

/// <summary>The rank of a process and its job, as its launcher has set them.</summary>
/// <param name="Launcher">The launcher: "Open MPI", "MPICH", "torchrun" or "Slurm".</param>
/// <param name="Rank">This worker's index, from 0.</param>
/// <param name="WorldSize">The number of workers.</param>
/// <param name="LocalRank">Its index on its machine, or null when the launcher has not set it.</param>
/// <param name="LocalSize">The number of workers on its machine, or null.</param>
/// <param name="Host">The host of rank 0, or null.</param>
/// <param name="Port">The port there, or null.</param>
/// <param name="JobId">The launcher's name for the job, or null.</param>
public sealed record WorkerPlace(
    string Launcher, int Rank, int WorldSize, int? LocalRank = null, int? LocalSize = null,
    string? Host = null, int? Port = null, string? JobId = null);
