using Mimir.Dist.Updates;

namespace Mimir.Dist.Emulation;

/// <summary>An epoch of units, workers or machines, that go their own ways and meet in blocks, as <see cref="BlockUpdate"/> does.</summary>
/// <remarks>
/// A unit is there for a block when it has done the frames of a block; when its data have ended it joins the others' blocks until
/// one for which all have ended. The block begins when all are there.
/// </remarks>
internal sealed class BlockEpoch
{
    private readonly List<List<double>> _arrivals = [];
    private readonly List<bool> _hasFramesLeft = [];

    /// <summary>Gets the seconds from the begin to the end of the last block.</summary>
    public double Seconds { get; private set; }

    /// <summary>Gets the seconds of exchanges and of passes over the model.</summary>
    public double ExchangeSeconds { get; private set; }

    /// <summary>Gets the blocks that had frames.</summary>
    public long Blocks { get; private set; }

    /// <summary>Adds a unit with its steps.</summary>
    /// <param name="steps">The seconds and the frames of each.</param>
    /// <param name="periodFrames">The frames of a block.</param>
    public void Add(IEnumerable<(double Seconds, long Frames)> steps, long periodFrames)
    {
        // Of each block the seconds of the unit's own steps before it; the last is what is left when the data end.
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

    /// <summary>Goes through the blocks.</summary>
    /// <param name="rollCall">The seconds of a block without frames.</param>
    /// <param name="exchange">The seconds of a sum and of the rule's passes.</param>
    public void Run(double rollCall, double exchange)
    {
        var last = _arrivals.Max(spans => spans.Count) - 1;
        for (var block = 0; block <= last; block++)
        {
            Seconds += _arrivals.Max(spans => block < spans.Count ? spans[block] : 0);
            var hasFrames = block < last || _arrivals.Index().Any(unit => unit.Item.Count - 1 == last && _hasFramesLeft[unit.Index]);
            var cost = rollCall + (hasFrames ? exchange : 0);
            Seconds += cost;
            ExchangeSeconds += cost;
            Blocks += hasFrames ? 1 : 0;
        }
    }

    /// <summary>The passes over the model of a block: whether it is finite, what is contributed, what the sum is made into.</summary>
    /// <param name="options">The rule: ma, or bmuf after its warm-up.</param>
    public static int PassesOf(UpdateOptions options) => options switch
    {
        BmufOptions { Kind: BlockMomentumKind.Classical } => 1 + 3 + 10,
        BmufOptions => 1 + 3 + 13,
        _ => 1 + 2 + 4,
    };
}
