namespace Mimir.Dist.Updates;

/// <summary>The kinds of <see cref="ServerMessage"/>.</summary>
internal enum ServerMessageKind
{
    /// <summary>To the master: a push that wants an answer.</summary>
    Push = 1,

    /// <summary>To the master: the last push of an epoch; the answer is the model when all have sent theirs.</summary>
    Last,

    /// <summary>To a worker: the pushes in the model by rank follow, and the model.</summary>
    Model,

    /// <summary>To a worker: the elastic difference follows.</summary>
    Difference,

    /// <summary>To a worker that waits: the job goes on.</summary>
    Tick,

    /// <summary>To a worker: the master has failed.</summary>
    Failed,
}
