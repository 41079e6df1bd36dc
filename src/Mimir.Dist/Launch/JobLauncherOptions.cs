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

    /// <summary>Gets how many times the job is started again when a worker fails. The default is 0.</summary>
    public int Restarts { get; init; }

    /// <summary>Gets how long the other workers may take to end by themselves when one has failed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets the variables of this process that workers on other hosts get too.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];
}
