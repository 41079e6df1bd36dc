namespace Mimir.Lab.Emulation;

/// <summary>The steps that an emulated worker has taken: the frames of each, epoch by epoch.</summary>
internal sealed class WorkerTrace
{
    private readonly List<List<int>> _epochs = [];
    private long _steps;

    public IReadOnlyList<IReadOnlyList<int>> Epochs => _epochs;

    public void BeginEpoch() => _epochs.Add([]);

    /// <summary>Takes a step down.</summary>
    /// <returns>Its number among all of this worker's, from 0.</returns>
    public long Add(int frames)
    {
        _epochs[^1].Add(frames);
        return _steps++;
    }
}
