namespace Mimir.Bench;

/// <summary>Training steps of several sides in one process, in turns, so that what disturbs the machine disturbs all of them.</summary>
internal sealed class Contest
{
    private readonly int _threads, _frames;
    private readonly IReadOnlyList<ITrainer> _sides;
    private readonly List<double>[] _speeds;
    private readonly double[] _quickest;
    private int _round;

    /// <summary>Lets each side take a step that does not count.</summary>
    /// <param name="threads">The threads of all sides.</param>
    /// <param name="frames">The frames of a step.</param>
    /// <param name="sides">The sides; the first one is compared with the others.</param>
    public Contest(int threads, int frames, IReadOnlyList<ITrainer> sides)
    {
        (_threads, _frames, _sides) = (threads, frames, sides);
        _speeds = [.. sides.Select(_ => new List<double>())];
        _quickest = [.. sides.Select(_ => double.MaxValue)];
        foreach (var side in sides)
        {
            side.UseThreads(threads);
            side.Step();
        }
    }

    /// <summary>Gets the frames per second of the quickest step of the first side, which other programs disturbed least.</summary>
    public double Quickest => _frames / _quickest[0];

    /// <summary>Gets the frames per second of the first side, the median of its turns.</summary>
    public double Speed => Stopwatches.Median(_speeds[0]);

    /// <summary>Gives each side a turn, each round another one first, and leaves the threads to the first side.</summary>
    /// <param name="seconds">The time of a turn; at least one step.</param>
    public void Round(double seconds)
    {
        for (var i = 0; i < _sides.Count; i++)
            Turn((i + _round) % _sides.Count, seconds);

        _round++;
        _sides[0].UseThreads(_threads);
    }

    /// <summary>Prints a line a side: the median of its turns, the best one, its quickest step, and the ratio to the first.</summary>
    public void Print()
    {
        for (var i = 0; i < _sides.Count; i++)
        {
            var median = Stopwatches.Median(_speeds[i]);
            Console.WriteLine(
                $"  {_sides[i].Name,-52} {median,8:F0}  best turn {_speeds[i].Max(),8:F0}  quickest step {_frames / _quickest[i],8:F0}"
                + (i == 0 ? "" : $"  {_sides[0].Name} is {Speed / median:F2} x"));
        }
    }

    /// <summary>A record a peer, of the medians.</summary>
    /// <param name="name">What was measured.</param>
    public IEnumerable<BenchRecord> Records(string name) => Enumerable.Range(1, _sides.Count - 1).Select(i =>
    {
        var median = Stopwatches.Median(_speeds[i]);
        return new BenchRecord(name, _threads, Speed, "frames/s", _sides[i].Name, median, Speed / median);
    });

    private void Turn(int side, double seconds)
    {
        _sides[side].UseThreads(_threads);
        var mean = Stopwatches.Mean(seconds, () =>
        {
            var begin = Stopwatches.Now();
            _sides[side].Step();
            _quickest[side] = Math.Min(_quickest[side], Stopwatches.Now() - begin);
        });
        _speeds[side].Add(_frames / mean);
    }
}
