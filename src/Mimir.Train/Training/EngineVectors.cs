using Mimir.Base;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Training;

/// <summary>The vectors of a checkpoint that belong to an engine: network, optimiser, state carried between batches.</summary>
internal static class EngineVectors
{
    /// <summary>The prefix of the optimiser's vectors.</summary>
    private const string OptimiserPrefix = "optimiser.";

    private const string StatePrefix = "state.";

    /// <summary>Copies all but the network from an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="inEpoch">True within an epoch; only then carried state matters.</param>
    public static Dictionary<string, float[]> Copy(ITrainingEngine engine, bool inEpoch)
    {
        var vectors = engine.CopyOptimiser().ToDictionary(vector => OptimiserPrefix + vector.Key, vector => vector.Value);
        if (inEpoch)
        {
            foreach (var (name, vector) in engine.CopyStates())
                vectors[StatePrefix + name] = vector;
        }

        return vectors;
    }

    /// <summary>The part of a checkpoint that does not belong to an engine; null when all does.</summary>
    /// <remarks>The engine's optimiser is new afterwards; its network is as before.</remarks>
    /// <param name="engine">The engine.</param>
    /// <param name="from">The checkpoint.</param>
    public static string? Problem(ITrainingEngine engine, Checkpoint from)
    {
        var parameters = engine.CopyModel().Length;
        if (ModelOf(from).Length != parameters)
            return $"its network has {ModelOf(from).Length} parameters, that of the recipe has {parameters}";

        var carried = engine.CopyStates();
        foreach (var (name, state) in from.VectorsOf(StatePrefix))
        {
            if (!carried.TryGetValue(name, out var own) || own.Length != state.Length)
                return $"the network of the recipe carries no state '{name}' of {state.Length} values";
        }

        try
        {
            engine.SetOptimiser(OptimiserOf(from));
            return null;
        }
        catch (InputException error)
        {
            return $"its optimiser is another one: {error.Message}";
        }
        finally
        {
            engine.ResetOptimiser();
        }
    }

    /// <summary>Restores a checkpoint's vectors and counters into an engine.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="from">The checkpoint.</param>
    /// <exception cref="InputException">The checkpoint has no network, or one of another size.</exception>
    public static void Restore(ITrainingEngine engine, Checkpoint from)
    {
        engine.SetModel(ModelOf(from));
        engine.SetOptimiser(OptimiserOf(from));
        engine.SetStates(from.VectorsOf(StatePrefix));
        engine.Counters = from.State.Counters;
    }

    /// <summary>The best network of a checkpoint.</summary>
    public static float[] BestOf(Checkpoint from) => from.Vectors.GetValueOrDefault(Checkpoint.Best) ?? ModelOf(from);

    private static Dictionary<string, float[]> OptimiserOf(Checkpoint from) => from.VectorsOf(OptimiserPrefix)
        .Where(vector => !(OptimiserPrefix + vector.Key).StartsWith(Checkpoint.Update, StringComparison.Ordinal)).ToDictionary();

    private static float[] ModelOf(Checkpoint from) => from.Vectors.GetValueOrDefault(Checkpoint.Model)
        ?? throw new InputException($"The checkpoint of epoch {from.State.Epoch} has no vector '{Checkpoint.Model}'.");
}
