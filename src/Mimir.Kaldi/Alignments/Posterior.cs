using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>
/// Pairs of an index (a transition-id, distribution or phone) and a weight for each frame of an utterance. Immutable.
/// </summary>
public sealed class Posterior
{
    // Flat: the pairs of frame t are those from _offsets[t] up to _offsets[t + 1].
    private readonly int[] _offsets;
    private readonly int[] _indices;
    private readonly float[] _weights;

    internal Posterior(int[] offsets, int[] indices, float[] weights)
    {
        _offsets = offsets;
        _indices = indices;
        _weights = weights;
    }

    /// <summary>Gets the table of posteriors.</summary>
    public static Table<Posterior> Table { get; } = new(new PosteriorHolder());

    /// <summary>Gets the number of frames.</summary>
    public int Frames => _offsets.Length - 1;

    /// <summary>Gets the number of pairs in all frames.</summary>
    public int Count => _indices.Length;

    /// <summary>Makes a posterior from a list of pairs for each frame, kept in their order.</summary>
    /// <param name="frames">For each frame its pairs; a frame may have none.</param>
    /// <exception cref="ArgumentException">A weight is not finite.</exception>
    public static Posterior FromPairs(IReadOnlyList<IReadOnlyList<(int Index, float Weight)>> frames)
    {
        var builder = new PosteriorBuilder();
        foreach (var pairs in frames)
        {
            foreach (var (index, weight) in pairs)
                builder.Add(index, weight);

            builder.EndFrame();
        }

        return builder.Build();
    }

    /// <summary>Makes a posterior with one index of weight 1 in each frame, as ali-to-post does.</summary>
    /// <param name="labels">An index for each frame, <c>[T]</c>.</param>
    public static Posterior FromLabels(int[] labels)
    {
        var weights = new float[labels.Length];
        Array.Fill(weights, 1);
        return new Posterior([.. Enumerable.Range(0, labels.Length + 1)], [.. labels], weights);
    }

    /// <summary>Returns the indices of a frame.</summary>
    /// <param name="frame">The frame, from 0.</param>
    public ReadOnlySpan<int> Indices(int frame) => _indices.AsSpan(_offsets[frame].._offsets[frame + 1]);

    /// <summary>Returns the weights of a frame, one for each of its <see cref="Indices"/>.</summary>
    /// <param name="frame">The frame, from 0.</param>
    public ReadOnlySpan<float> Weights(int frame) => _weights.AsSpan(_offsets[frame].._offsets[frame + 1]);
}

/// <summary>Collects the pairs of a posterior, frame after frame.</summary>
public sealed class PosteriorBuilder
{
    private readonly List<int> _offsets = [0];
    private readonly List<int> _indices = [];
    private readonly List<float> _weights = [];

    /// <summary>Gets the number of frames that have ended.</summary>
    public int Frames => _offsets.Count - 1;

    /// <summary>Adds a pair to the frame that is open.</summary>
    /// <param name="index">A transition-id, distribution or phone.</param>
    /// <param name="weight">Its weight.</param>
    /// <exception cref="InputException">The weight is not finite.</exception>
    public void Add(int index, float weight)
    {
        if (!float.IsFinite(weight))
            throw new InputException($"The weight of index {index} is {weight}, not a finite number.");

        _indices.Add(index);
        _weights.Add(weight);
    }

    /// <summary>Ends a frame; the next pair belongs to the next one.</summary>
    public void EndFrame() => _offsets.Add(_indices.Count);

    /// <summary>Makes the posterior of the frames that have ended.</summary>
    public Posterior Build() => new([.. _offsets], [.. _indices], [.. _weights]);
}
