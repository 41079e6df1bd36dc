using Mimir.Base;
using Mimir.Features.Extraction;
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
        if (recipe.Per == CmvnScope.None || (!recipe.NormMeans && !recipe.NormVars) || features.Matrices.Length == 0)
            return;

        if (!recipe.NormMeans)
            throw new InputException("features.cmvn: norm-vars without norm-means is not a normalisation that Kaldi has.");

        var statistics = Statistics(features, table);
        Parallel.For(0, features.Matrices.Length, utterance =>
        {
            var matrix = features.Matrices[utterance];
            statistics[KeyOf(features, utterance)].Apply(matrix, recipe.NormVars);
        });
    }

    private Dictionary<string, CmvnStatistics> Statistics(SetFeatures features, string? table)
    {
        if (table is not null)
            return FromTable(features, table);
        if (recipe.Per == CmvnScope.Global && Global is not null)
            return new() { [""] = Global };

        var statistics = Accumulate(features);
        if (recipe.Per == CmvnScope.Global)
            Global = statistics[""];
        return statistics;
    }

    private Dictionary<string, CmvnStatistics> Accumulate(SetFeatures features)
    {
        var statistics = new Dictionary<string, CmvnStatistics>();
        for (var utterance = 0; utterance < features.Matrices.Length; utterance++)
        {
            var matrix = features.Matrices[utterance];
            var key = KeyOf(features, utterance);
            if (!statistics.TryGetValue(key, out var sums))
                statistics.Add(key, sums = new CmvnStatistics(matrix.Columns));

            try
            {
                sums.Accumulate(matrix);
            }
            catch (InputException error)
            {
                throw new InputException($"features of utterance '{features.Utterances[utterance].Id}': {error.Message}", error);
            }
        }

        return statistics;
    }

    private Dictionary<string, CmvnStatistics> FromTable(SetFeatures features, string table)
    {
        var read = KaldiTables.DoubleMatrix.Read(table)
            .ToDictionary(entry => recipe.Per == CmvnScope.Global ? "" : entry.Key, entry => new CmvnStatistics(entry.Value));
        for (var utterance = 0; utterance < features.Matrices.Length; utterance++)
        {
            var key = KeyOf(features, utterance);
            var dim = features.Matrices[utterance].Columns;
            if (!read.TryGetValue(key, out var statistics))
            {
                throw new InputException(
                    $"{table}: no statistics for '{key}', whom utterance '{features.Utterances[utterance].Id}' needs.");
            }


            if (statistics.Dimension != dim)
            {
                throw new InputException(
                    $"{table}: the statistics of '{key}' have dimension {statistics.Dimension}, the features have {dim}.");
            }
        }

        return read;
    }

    private string KeyOf(SetFeatures features, int utterance) => recipe.Per switch
    {
        CmvnScope.Speaker => features.Utterances[utterance].Speaker,
        CmvnScope.Utterance => features.Utterances[utterance].Id,
        _ => "",
    };
}
