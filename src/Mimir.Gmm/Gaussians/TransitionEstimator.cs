using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Alignments;

namespace Mimir.Gmm.Gaussians;

/// <summary>The options of the estimation of transition probabilities.</summary>
public sealed record TransitionUpdateOptions
{
    /// <summary>Floor of transition probabilities.</summary>
    [Option("transition-floor", Min = 0, Max = 0.5)]
    public float Floor { get; init; } = 0.01f;

    /// <summary>Least count with which the transitions of a state are estimated.</summary>
    [Option("transition-min-count", Min = 0)]
    public float MinCount { get; init; } = 5;

    /// <summary>Share all transition probabilities of states that have the same pdf.</summary>
    [Option("share-for-pdfs")]
    public bool ShareForPdfs { get; init; }
}

/// <summary>The result of an estimation of transition probabilities.</summary>
/// <param name="Model">The model with its new probabilities.</param>
/// <param name="Improvement">The improvement of the log-likelihood.</param>
/// <param name="Count">The frames of states with more than one transition.</param>
/// <param name="Floored">The number of probabilities at the floor.</param>
/// <param name="Skipped">The number of states (or pdfs, when they share) that have too few frames.</param>
public sealed record TransitionUpdate(TransitionModel Model, double Improvement, double Count, int Floored, int Skipped);

/// <summary>Estimates transition probabilities from counts of transition-ids (Kaldi: <c>TransitionModel::MleUpdate</c>).</summary>
public static class TransitionEstimator
{
    // A floor takes from the other probabilities, which are scaled and may fall below it in turn.
    private const int FlooringRounds = 3;

    /// <summary>Estimates the probabilities.</summary>
    /// <param name="model">The model before.</param>
    /// <param name="counts">The count of each transition-id, element 0 unused.</param>
    /// <param name="options">Floor and least count.</param>
    /// <returns>The model after, and figures of the update.</returns>
    /// <exception cref="InputException">The counts are of another model, or sharing is asked for where the states of a pdf have
    /// different numbers of transitions.</exception>
    public static TransitionUpdate Update(TransitionModel model, ReadOnlySpan<double> counts, TransitionUpdateOptions options)
    {
        if (counts.Length != model.TransitionCount + 1)
        {
            throw new InputException(
                $"There are counts of {counts.Length - 1} transition-ids, the model has {model.TransitionCount}.");
        }

        var logProbabilities = new float[model.TransitionCount + 1];
        for (var id = 1; id < logProbabilities.Length; id++)
            logProbabilities[id] = model.LogProbabilityOf(id);

        var update = new TransitionUpdate(model, 0, 0, 0, 0);
        foreach (var states in options.ShareForPdfs ? StatesByPdf(model) : StatesOneByOne(model))
            update = Estimate(update, states, counts, logProbabilities, options);

        return update with { Model = new TransitionModel(model.Topology, model.Tuples, logProbabilities) };
    }

    private static IEnumerable<int[]> StatesOneByOne(TransitionModel model) =>
        Enumerable.Range(0, model.Tuples.Count).Select(state => (int[])[state]);

    private static IEnumerable<int[]> StatesByPdf(TransitionModel model) => Enumerable.Range(0, model.Tuples.Count)
        .SelectMany(state => PdfsOf(model.Tuples[state]).Select(pdf => (pdf, state)))
        .GroupBy(pair => pair.pdf, pair => pair.state)
        .OrderBy(group => group.Key)
        .Select(group => group.ToArray());

    private static IEnumerable<int> PdfsOf(TransitionTuple state) => new[] { state.ForwardPdf, state.SelfLoopPdf }.Distinct();

    private static TransitionUpdate Estimate(
        TransitionUpdate update, int[] states, ReadOnlySpan<double> counts, float[] logProbabilities, TransitionUpdateOptions options)
    {
        var model = update.Model;
        var first = model.TransitionIdOf(states[0], 0);
        var width = model.TransitionIdOf(states[0] + 1, 0) - first;
        if (width < 2)
            return update;

        var sums = new double[width];
        foreach (var state in states)
        {
            var from = model.TransitionIdOf(state, 0);
            if (model.TransitionIdOf(state + 1, 0) - from != width)
            {
                throw new InputException(
                    "States with the same pdf have different numbers of transitions; probabilities cannot be shared "
                    + "(--share-for-pdfs) with this topology and tree.");
            }

            for (var i = 0; i < width; i++)
                sums[i] += counts[from + i];
        }

        var total = sums.Sum();
        update = update with { Count = update.Count + total };
        if (!(total >= options.MinCount) || total == 0)
            return update with { Skipped = update.Skipped + 1 };

        var probabilities = Probabilities(sums, total, options.Floor);
        for (var i = 0; i < width; i++)
        {
            var logProbability = MathF.Log(probabilities[i]);
            var before = logProbabilities[first + i];
            foreach (var state in states)
                logProbabilities[model.TransitionIdOf(state, i)] = logProbability;

            update = update with
            {
                Improvement = update.Improvement + (sums[i] == 0 ? 0 : sums[i] * (logProbability - before)),
                Floored = update.Floored + (probabilities[i] == options.Floor ? 1 : 0),
            };
        }

        return update;
    }

    private static float[] Probabilities(double[] counts, double total, float floor)
    {
        var probabilities = Array.ConvertAll(counts, count => (float)(count / total));
        for (var round = 0; round < FlooringRounds; round++)
        {
            var scale = (float)(1.0 / probabilities.Sum());
            for (var i = 0; i < probabilities.Length; i++)
                probabilities[i] = Math.Max(probabilities[i] * scale, floor);
        }

        return probabilities;
    }
}
