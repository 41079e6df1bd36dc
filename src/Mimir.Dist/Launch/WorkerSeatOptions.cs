namespace Mimir.Dist.Launch;

/// <summary>How a process joins the job whose launcher has started it.</summary>
public sealed record WorkerSeatOptions
{
    /// <summary>
    /// Gets how long a wait lasts at most. Who is dead or stands still is found out by the signs of life within seconds; this
    /// is for those that are alive and slow. The default is 30 minutes.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets who takes a line about each refused connection and each lost worker.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Gets the environment; null: that of this process.</summary>
    public IReadOnlyDictionary<string, string>? Variables { get; init; }
}
