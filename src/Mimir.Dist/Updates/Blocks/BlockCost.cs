using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.Blocks;

/// <summary>
/// Cost model of blocks: an epoch of units, workers or machines, that take steps of their own and meet as in <see cref="BlockUpdate"/>.
/// </summary>
/// <remarks>
/// A unit arrives at a block when it has done the frames of a block; when its data have ended it joins the others' blocks until
/// one for which all have ended. The block begins when all units have arrived.
/// </remarks>
internal sealed class BlockCost
{
    private readonly List<List<double>> _arrivals = [];
    private readonly List<bool> _hasFramesLeft = [];

    /// <summary>Gets the seconds from the begin to the end of the last block.</summary>
    public double Seconds { get; private set; }

    /// <summary>Gets the seconds of exchanges and of passes over the model.</summary>
    public double ExchangeSeconds { get; private set; }

    /// <summary>Gets the blocks that had frames.</summary>
    public long Blocks { get; private set; }

    /// <summary>The time of an epoch in which workers meet in blocks.</summary>
    /// <param name="work">The steps.</param>
    /// <param name="options">The period, and the rule's passes over the model.</param>
    public static EpochTime Epoch(EpochWork work, BlockOptions options)
    {
        options.Validate();
        var blocks = new BlockCost();
        var compute = 0.0;
        for (var worker = 0; worker < work.Workers; worker++)
        {
            var steps = work.StepsOf(worker).ToList();
            compute += steps.Sum(step => step.Seconds);
            blocks.Add(steps.Select(step => (step.Seconds, (long)step.Frames)), options.PeriodFrames);
        }

        blocks.Run(
            CollectiveCost.Numbers(work.Cluster, work.Workers),
            CollectiveCost.AllReduce(work.Cluster, work.Workers, work.ModelBytes) + work.Passes(options.BlockPasses));
        return new()
        {
            Seconds = blocks.Seconds,
            ComputeSeconds = compute / work.Workers,
            ExchangeSeconds = blocks.ExchangeSeconds,
            Steps = work.Frames.Sum(own => (long)own.Count),
            Blocks = blocks.Blocks,
        };
    }

    /// <summary>Adds a unit with its steps.</summary>
    /// <param name="steps">The seconds and the frames of each.</param>
    /// <param name="periodFrames">The frames of a block.</param>
    public void Add(IEnumerable<(double Seconds, long Frames)> steps, long periodFrames)
    {
        // Of each block the seconds of the unit's own steps before it; the last one is the rest when the data end.
        var spans = new List<double>();
        var (seconds, frames) = (0.0, 0L);
        foreach (var step in steps)
        {
            seconds += step.Seconds;
            frames += step.Frames;
            if (frames >= periodFrames)
            {
                spans.Add(seconds);
                (seconds, frames) = (0, 0);
            }
        }

        spans.Add(seconds);
        _arrivals.Add(spans);
        _hasFramesLeft.Add(frames > 0);
    }

    /// <summary>Simulates the blocks.</summary>
    /// <param name="numbers">The seconds of a block without frames: an exchange of numbers.</param>
    /// <param name="exchange">The seconds of a sum and of the rule's passes.</param>
    public void Run(double numbers, double exchange)
    {
        var last = _arrivals.Max(spans => spans.Count) - 1;
        for (var block = 0; block <= last; block++)
        {
            Seconds += _arrivals.Max(spans => block < spans.Count ? spans[block] : 0);
            var hasFrames = block < last || _arrivals.Index().Any(unit => unit.Item.Count - 1 == last && _hasFramesLeft[unit.Index]);
            var cost = numbers + (hasFrames ? exchange : 0);
            Seconds += cost;
            ExchangeSeconds += cost;
            Blocks += hasFrames ? 1 : 0;
        }
    }
}
