namespace Mimir.Dist.Launch;

/// <summary>What a launcher starts, and what it does when a worker fails.</summary>
public sealed record JobLauncherOptions
{
    /// <summary>Gets the places of the workers, rank 0 first.</summary>
    public required IReadOnlyList<WorkerSlot> Slots { get; init; }

    /// <summary>Gets the program and its arguments, the same for every worker.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>
    /// Gets what reaches another host: program and arguments, to which the host and <c>sh -s</c> are added. The worker's
    /// command and environment go through its standard input, so that the token stands in no list of processes.
    /// </summary>
    public IReadOnlyList<string> Agent { get; init; } = ["ssh", "-o", "BatchMode=yes"];

    /// <summary>Gets the address where the others meet rank 0; null: its host, or 127.0.0.1 when all are here.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the port there; 0: a free one of this machine.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Gets how many times the job is started again when a worker fails, or, with <see cref="Rejoin"/>, workers are, all
    /// counted together. The default is 0.
    /// </summary>
    public int Restarts { get; init; }

    /// <summary>
    /// Gets a value indicating whether the others go on when a worker other than rank 0 fails. The default is false: a
    /// failure ends all, and the job is started again.
    /// </summary>
    /// <remarks>
    /// The failed worker is started again by itself while restarts are left, with the same place and secret and
    /// <see cref="JobEnvironment.RejoinVariable"/>, after <see cref="RejoinPause"/>; with none left the job goes on
    /// without it. The job ends with rank 0 and has its exit code; the rest get <see cref="Grace"/> then. When rank 0 fails,
    /// all end and the job is started again as a whole. A worker that stands still, or is out of reach, has not failed for
    /// the launcher before its process ends; the others find out by themselves.
    /// </remarks>
    public bool Rejoin { get; init; }

    /// <summary>Gets how long a failed worker is left alone at first; twice as long each time, at most 30 s. The default is 1 s.</summary>
    public TimeSpan RejoinPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long the other workers may take to end by themselves when one has failed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the clock of the pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets the variables of this process that workers on other hosts get too.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];
}
