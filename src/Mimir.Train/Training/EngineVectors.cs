using Mimir.Base;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Training;

/// <summary>The vectors of a checkpoint: what an engine and the search for its best network must not forget.</summary>
internal static class EngineVectors
{
    private const string Model = "model";
    /// <summary>The best network; without it, the network is the best.</summary>
    public const string Best = "best";

    private const string OptimiserPrefix = "optimiser.";
    private const string StatePrefix = "state.";

    /// <summary>Copies them from an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="model">Its network, copied already.</param>
    /// <param name="best">The best network.</param>
    /// <param name="inEpoch">Whether an epoch is under way; only then it matters what is carried from batch to batch.</param>
    public static Dictionary<string, float[]> Copy(ITrainingEngine engine, float[] model, float[] best, bool inEpoch)
    {
        var vectors = new Dictionary<string, float[]> { [Model] = model };
        Add(vectors, OptimiserPrefix, engine.CopyOptimiser());
        if (inEpoch)
            Add(vectors, StatePrefix, engine.CopyStates());
        if (!best.AsSpan().SequenceEqual(model))
            vectors[Best] = best;

        return vectors;
    }

    /// <summary>Gives them back to an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="from">The checkpoint.</param>
    /// <returns>The best network.</returns>
    /// <exception cref="InputException">The checkpoint has no network, or one of another size.</exception>
    public static float[] Restore(ITrainingEngine engine, Checkpoint from)
    {
        var model = from.Vectors.GetValueOrDefault(Model)
            ?? throw new InputException($"The checkpoint of epoch {from.State.Epoch} has no vector '{Model}'.");
        engine.SetModel(model);
        engine.SetOptimiser(Named(from, OptimiserPrefix));
        engine.SetStates(Named(from, StatePrefix));
        engine.Counters = from.State.Counters;
        return from.Vectors.GetValueOrDefault(Best, model);
    }

    private static void Add(Dictionary<string, float[]> vectors, string prefix, IReadOnlyDictionary<string, float[]> more)
    {
        foreach (var (name, vector) in more)
            vectors[prefix + name] = vector;
    }

    private static Dictionary<string, float[]> Named(Checkpoint checkpoint, string prefix) => checkpoint.Vectors
        .Where(vector => vector.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(vector => vector.Key[prefix.Length..], vector => vector.Value);
}
