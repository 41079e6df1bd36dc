namespace Mimir.Train.Checkpoints;

/// <summary>A saved moment of a training run.</summary>
/// <param name="State">The position of the run.</param>
/// <param name="Vectors">Parameters, best parameters and optimiser state, each a flat vector by its name.</param>
public sealed record Checkpoint(TrainingState State, IReadOnlyDictionary<string, float[]> Vectors)
{
    /// <summary>The vector of the network.</summary>
    internal const string Model = "model";

    /// <summary>The vector of the best network; it is left out where the network is the best.</summary>
    internal const string Best = "best";

    /// <summary>The prefix of the vectors of the average of models.</summary>
    internal const string Average = "average.";

    /// <summary>The prefix of the update mode's vectors, among which are bits of whole numbers.</summary>
    internal const string Update = "optimiser.update.";

    /// <summary>The vectors whose names begin with a prefix, without it.</summary>
    /// <param name="prefix">The prefix.</param>
    internal Dictionary<string, float[]> VectorsOf(string prefix) => Vectors
        .Where(vector => vector.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(vector => vector.Key[prefix.Length..], vector => vector.Value);
}
