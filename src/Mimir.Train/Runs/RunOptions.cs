using Mimir.Train.Distribution;

namespace Mimir.Train.Runs;

/// <summary>What a run does with what it finds in its folder.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// Gets whether an earlier run in the same folder is thrown away. The default is false: an unfinished run goes on, a
    /// finished one is an error.
    /// </summary>
    public bool Restart { get; init; }

    /// <summary>Gets whether the sets are decoded after training. The default is true.</summary>
    public bool Decode { get; init; } = true;

    /// <summary>Gets who trains together. The default is one worker alone.</summary>
    public WorkerTeam Team { get; init; } = WorkerTeam.Alone;
}
