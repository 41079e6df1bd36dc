namespace Mimir.Dist.Launch;

/// <summary>Counts how often something is started again, of a job or of its workers.</summary>
/// <param name="options">How often it may be.</param>
internal sealed class Restarts(JobLauncherOptions options)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private int _taken;

    /// <summary>Gets what the last <see cref="Take"/> was for, as the log says it.</summary>
    public string Next => $"start {_taken + 1} of {options.Restarts + 1}";

    /// <summary>Gets how long to wait before a worker that has just ended is started again: twice as long each time.</summary>
    public TimeSpan Pause
    {
        get
        {
            var pause = options.RejoinPause * Math.Pow(2, Math.Clamp(_taken - 1, 0, 30));
            return pause < LongestPause ? pause : LongestPause;
        }
    }

    /// <summary>Uses one up, if any is left.</summary>
    public bool Take()
    {
        if (_taken >= options.Restarts)
            return false;

        _taken++;
        return true;
    }

    /// <summary>Gives one back that was not needed.</summary>
    public void Return() => _taken--;
}
