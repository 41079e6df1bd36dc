using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>
/// Features of sets, with normalisation and deltas, that stay in memory for the next time that the same sets are loaded. A set that
/// does not fit beside the others is computed each time.
/// </summary>
/// <param name="most">The most values in memory.</param>
public sealed class FeatureMemory(long most)
{
    private readonly Dictionary<CorpusSet, SetFeatures> _sets = [];
    private long _values;

    /// <summary>Creates a memory that takes at most a quarter of the machine's.</summary>
    public FeatureMemory()
        : this(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (4 * sizeof(float)))
    {
    }

    /// <summary>Returns the features of a set.</summary>
    /// <param name="set">The set; its targets play no part.</param>
    /// <param name="compute">Computes them.</param>
    public SetFeatures Get(CorpusSet set, Func<SetFeatures> compute)
    {
        var key = set with { Alignments = null, Targets = null, TransitionModel = null, FrameWeights = null, UtteranceWeights = null };
        if (_sets.TryGetValue(key, out var kept))
            return kept;

        var features = compute();
        var values = features.Matrices.Sum(matrix => matrix.Data.LongLength);
        if (_values + values > most)
            return features;

        _values += values;
        _sets.Add(key, features);
        return features;
    }
}
