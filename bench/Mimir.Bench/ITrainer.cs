namespace Mimir.Bench;

/// <summary>One side of a comparison: a training step that is repeated in turns with those of the others.</summary>
internal interface ITrainer : IDisposable
{
    /// <summary>Gets what the report calls it.</summary>
    string Name { get; }

    /// <summary>Sets the threads of its next steps, for the whole process.</summary>
    /// <param name="count">The number of threads; 0 lets Mimir choose.</param>
    void UseThreads(int count);

    /// <summary>Takes one step.</summary>
    void Step();
}
