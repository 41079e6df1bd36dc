namespace Mimir.Kaldi.Alignments;

/// <summary>Collects the pairs of a posterior, frame after frame.</summary>
internal sealed class PosteriorBuilder
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _indices = [];
    private readonly List<float> _weights = [];

    /// <summary>Adds a pair to the frame that is open.</summary>
    /// <exception cref="ArgumentException">The weight is not finite.</exception>
    public void Add(int index, float weight)
    {
        if (!float.IsFinite(weight))
            throw new ArgumentException($"The weight of index {index} is {weight}, not a finite number.", nameof(weight));

        _indices.Add(index);
        _weights.Add(weight);
    }

    /// <summary>Ends a frame; the next pair belongs to the next one.</summary>
    public void EndFrame() => _offsets.Add(_indices.Count);

    /// <summary>Makes the posterior of all frames that have ended.</summary>
    public Posterior Build() => new([.. _offsets], [.. _indices], [.. _weights]);
}
