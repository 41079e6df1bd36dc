namespace Mimir.Core.Losses;

/// <summary>Gathers targets frame by frame; entries of a frame may come in any order, and equal classes add up.</summary>
public sealed class SoftTargetsBuilder
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _classes = [];
    private readonly List<float> _weights = [];

    /// <summary>Adds an entry to the present frame.</summary>
    /// <param name="target">Its class, from 0.</param>
    /// <param name="weight">Its weight.</param>
    public void Add(int target, float weight)
    {
        var at = _classes.Count;
        while (at > _offsets[^1] && _classes[at - 1] >= target)
            at--;

        if (at < _classes.Count && _classes[at] == target)
        {
            _weights[at] += weight;
            return;
        }

        _classes.Insert(at, target);
        _weights.Insert(at, weight);
    }

    /// <summary>Ends the present frame and begins the next.</summary>
    public void EndFrame() => _offsets.Add(_classes.Count);

    /// <summary>Adds a whole frame.</summary>
    /// <param name="classes">The classes of its entries.</param>
    /// <param name="weights">Their weights.</param>
    public void AddFrame(ReadOnlySpan<int> classes, ReadOnlySpan<float> weights)
    {
        for (var i = 0; i < classes.Length; i++)
            Add(classes[i], weights[i]);

        EndFrame();
    }

    /// <summary>Makes the targets of all frames so far.</summary>
    /// <exception cref="ArgumentException">A class is negative or a weight is not finite.</exception>
    public SoftTargets Build() => new([.. _offsets], [.. _classes], [.. _weights]);
}
