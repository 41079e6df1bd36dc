namespace Mimir.Core.Native;

/// <summary>Chooses the number of threads by the time of training steps, and again from time to time and when it changes.</summary>
/// <remarks>
/// A trial gives each number of threads a few steps in turns and takes the quickest by the median; of numbers that are equal within
/// a few per cent, the lowest. On a machine whose cores are busy with something else this is often one thread. The next trial
/// comes after a pause, which doubles while trials agree, or when steps have become a quarter slower. The results of training do
/// not depend on the number, so it may change at any step.
/// </remarks>
/// <param name="maximum">The largest number of threads.</param>
internal sealed class ThreadChooser(int maximum)
{
    private const int StepsATurn = 3;
    private const int Turns = 3;
    private const double Tie = 1.03;
    private const double Slower = 1.25;
    private const double ShortestPause = 2, LongestPause = 30;

    private readonly int[] _candidates = [.. Candidates(maximum)];
    private readonly List<double>[] _times = [.. Candidates(maximum).Select(_ => new List<double>())];
    private int _step;
    private int _best;
    private bool _trying = true;
    private double _pause = ShortestPause, _elapsed, _usual, _recent;

    /// <summary>Gets the number of threads for the next step.</summary>
    public int Count => _candidates[_trying ? _step / StepsATurn % _candidates.Length : _best];

    /// <summary>Takes the time of a step with <see cref="Count"/> threads.</summary>
    /// <param name="seconds">The time of the step.</param>
    /// <param name="rows">Its rows.</param>
    public void Record(double seconds, int rows)
    {
        if (_candidates.Length == 1 || rows == 0)
            return;
        if (_trying)
            Try(seconds / rows);
        else
            Watch(seconds, seconds / rows);
    }

    private static IEnumerable<int> Candidates(int maximum)
    {
        for (var count = 1; count < maximum; count *= 2)
            yield return count;
        yield return maximum;
    }

    private void Try(double time)
    {
        // The first step after a change of threads wakes or starts them.
        if (_step % StepsATurn > 0)
            _times[_step / StepsATurn % _candidates.Length].Add(time);
        if (++_step < _candidates.Length * StepsATurn * Turns)
            return;

        var medians = Array.ConvertAll(_times, Median);
        var best = Array.FindIndex(medians, median => median <= medians.Min() * Tie);
        _pause = best == _best ? Math.Min(LongestPause, 2 * _pause) : ShortestPause;
        (_best, _usual, _recent, _elapsed, _step, _trying) = (best, medians[best], medians[best], 0, 0, false);
        foreach (var times in _times)
            times.Clear();
    }

    private void Watch(double seconds, double time)
    {
        const double Weight = 0.1;
        _elapsed += seconds;
        _recent += Weight * (time - _recent);
        _trying = _elapsed > _pause || (_recent > _usual * Slower && _elapsed > ShortestPause / 2);
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
