namespace Mimir.Dist.Launch;

/// <summary>Options of a launcher: the workers, and restarts when one fails.</summary>
public sealed record JobLauncherOptions
{
    /// <summary>Gets the places of the workers, rank 0 first.</summary>
    public required IReadOnlyList<WorkerSlot> Slots { get; init; }

    /// <summary>Gets the program and its arguments, the same for every worker.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>
    /// Gets the program that reaches another host with its arguments; the host and <c>sh -s</c> are added. The worker's
    /// command and environment go through its standard input, so that the token stands in no list of processes.
    /// </summary>
    public IReadOnlyList<string> Agent { get; init; } = ["ssh", "-o", "BatchMode=yes"];

    /// <summary>
    /// True when the command watches the heartbeats that workers on other hosts get on their standard input, as Mimir's own
    /// commands do (<see cref="LauncherWatch"/>). They end when the launcher is gone.
    /// </summary>
    public bool Heartbeats { get; init; }

    /// <summary>Gets the address of rank 0 for the others; null: its host, or 127.0.0.1 when all are here.</summary>
    public string? Address { get; init; }

    /// <summary>Gets the port there; 0: a free one of this machine.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Gets the number of restarts of the job when a worker fails, or, with <see cref="FaultTolerant"/>, of workers, all counted
    /// together.
    /// </summary>
    public int Restarts { get; init; }

    /// <summary>
    /// True when the others go on after a worker other than rank 0 fails. Otherwise a failure ends all, and the job is started again.
    /// </summary>
    /// <remarks>
    /// The failed worker is started again by itself while restarts are left, with the same place and secret and
    /// <see cref="JobEnvironment.RejoinVariable"/>, after <see cref="RejoinPause"/>; with none left the job goes on
    /// without it. The job ends with rank 0 and has its exit code; the rest get <see cref="Grace"/> then. When rank 0 fails,
    /// all end and the job is started again as a whole. A worker that stands still, or is out of reach, has not failed for
    /// the launcher before its process ends; the others find out by themselves.
    /// </remarks>
    public bool FaultTolerant { get; init; }

    /// <summary>Gets the pause before the first restart of a worker; twice as long each time, at most 30 s.</summary>
    public TimeSpan RejoinPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the time that the other workers get to end by themselves when one has failed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the clock of the pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets the names of the environment variables that workers on other hosts get too.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];
}
