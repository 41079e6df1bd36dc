using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Mean and variance normalisation over a speaker, an utterance or the training set, as Kaldi's apply-cmvn.</summary>
/// <param name="recipe">The scope, and true for variances too.</param>
public sealed class SpeakerNormalisation(CmvnRecipe recipe)
{
    /// <summary>
    /// Gets or sets the statistics of the training set, which <see cref="CmvnScope.Global"/> uses for every set. The first
    /// set that is normalised gives them when they are not there.
    /// </summary>
    public CmvnStatistics? Global { get; set; }

    /// <summary>Normalises the features of a set in place.</summary>
    /// <param name="features">The set.</param>
    /// <param name="table">An rspecifier of existing statistics, or null to compute them over the set.</param>
    /// <exception cref="InputException">The table lacks a speaker, or its statistics are of another dimension.</exception>
    public void Apply(SetFeatures features, string? table)
    {
        if (features.Matrices.Length == 0)
            return;

        var statistics = Prepare(features.Utterances, features.Matrices[0].Columns, table, () => features.Matrices);
        Parallel.For(0, features.Matrices.Length, utterance =>
            Apply(features.Utterances[utterance], features.Matrices[utterance], statistics));
    }

    /// <summary>Finds the statistics that the utterances of a set are normalised by.</summary>
    /// <param name="utterances">The utterances.</param>
    /// <param name="dim">The values of a frame.</param>
    /// <param name="table">An rspecifier of existing statistics, or null to compute them over the set.</param>
    /// <param name="read">Reads the features of all utterances in their order, where statistics are computed over several.</param>
    /// <returns>Statistics by speaker, or for all by the empty name; empty where each utterance has its own, or none is needed.</returns>
    /// <exception cref="InputException">The table lacks a speaker, or its statistics are of another dimension.</exception>
    internal IReadOnlyDictionary<string, CmvnStatistics> Prepare(
        IReadOnlyList<Utterance> utterances, int dim, string? table, Func<IEnumerable<FloatMatrix>> read)
    {
        if (!IsNeeded)
            return new Dictionary<string, CmvnStatistics>();

        if (!recipe.NormMeans)
            throw new InputException("features.cmvn: norm-vars without norm-means is not a normalisation that Kaldi has.");
        if (table is not null)
            return FromTable(utterances, dim, table);
        if (recipe.Per == CmvnScope.Utterance)
            return new Dictionary<string, CmvnStatistics>();
        if (recipe.Per == CmvnScope.Global && Global is not null)
            return new Dictionary<string, CmvnStatistics> { [""] = Global };

        var statistics = Accumulate(utterances, read());
        if (recipe.Per == CmvnScope.Global)
            Global = statistics[""];
        return statistics;
    }

    /// <summary>Normalises the features of an utterance in place.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="features">Its features <c>[T, D]</c>.</param>
    /// <param name="statistics">What <see cref="Prepare"/> has found.</param>
    internal void Apply(Utterance utterance, FloatMatrix features, IReadOnlyDictionary<string, CmvnStatistics> statistics)
    {
        if (!IsNeeded)
            return;

        if (!statistics.TryGetValue(KeyOf(utterance), out var own))
            Add(own = new CmvnStatistics(features.Columns), utterance, features);
        own.Apply(features, recipe.NormVars);
    }

    private bool IsNeeded => recipe.Per != CmvnScope.None && (recipe.NormMeans || recipe.NormVars);

    private Dictionary<string, CmvnStatistics> Accumulate(IReadOnlyList<Utterance> utterances, IEnumerable<FloatMatrix> features)
    {
        var statistics = new Dictionary<string, CmvnStatistics>();
        foreach (var (utterance, matrix) in utterances.Zip(features))
        {
            var key = KeyOf(utterance);
            if (!statistics.TryGetValue(key, out var sums))
                statistics.Add(key, sums = new CmvnStatistics(matrix.Columns));
            Add(sums, utterance, matrix);
        }

        return statistics;
    }

    private static void Add(CmvnStatistics sums, Utterance utterance, FloatMatrix matrix)
    {
        try
        {
            sums.Accumulate(matrix);
        }
        catch (InputException error)
        {
            throw new InputException($"features of utterance '{utterance.Id}': {error.Message}", error);
        }
    }

    private Dictionary<string, CmvnStatistics> FromTable(IReadOnlyList<Utterance> utterances, int dim, string table)
    {
        var read = KaldiTables.DoubleMatrix.Read(table)
            .ToDictionary(entry => recipe.Per == CmvnScope.Global ? "" : entry.Key, entry => new CmvnStatistics(entry.Value));
        foreach (var utterance in utterances)
        {
            var key = KeyOf(utterance);
            if (!read.TryGetValue(key, out var statistics))
                throw new InputException($"{table}: no statistics for '{key}', whom utterance '{utterance.Id}' needs.");

            if (statistics.Dimension != dim)
            {
                throw new InputException(
                    $"{table}: the statistics of '{key}' have dimension {statistics.Dimension}, the features have {dim}.");
            }
        }

        return read;
    }

    private string KeyOf(Utterance utterance) => recipe.Per switch
    {
        CmvnScope.Speaker => utterance.Speaker,
        CmvnScope.Utterance => utterance.Id,
        _ => "",
    };
}
