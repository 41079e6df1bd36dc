using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Features.Pitch;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data.Remote;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Reads the plain features of a set's utterances: computed from audio on all cores, or read from a table.</summary>
/// <param name="recipe">The kind of features and their options.</param>
/// <param name="seed">The seed of dither.</param>
/// <param name="threads">Threads of extraction; 0 is one for each core.</param>
/// <param name="remote">The remote corpus; null for files of this machine.</param>
public sealed class FeatureSource(FeaturesRecipe recipe, ulong seed, int threads, RemoteCorpus? remote = null)
{
    /// <summary>Reads features.</summary>
    /// <param name="set">The set; for given features, its table.</param>
    /// <param name="utterances">The utterances to read.</param>
    /// <param name="progress">Receives the number of utterances done.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">The options of the features, or the table, are wrong.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public SetFeatures Read(
        CorpusSet set, IReadOnlyList<Utterance> utterances, Action<int> progress, CancellationToken cancellation)
    {
        var kept = new List<Utterance>();
        var matrices = new List<FloatMatrix>();
        var drops = new List<Drop>();
        var warnings = new List<string>();
        var done = 0;
        var results = recipe.Type == FeatureType.Given ? Given(set, utterances) : Extract(utterances, warnings, cancellation);
        foreach (var (utterance, matrix, drop) in results)
        {
            cancellation.ThrowIfCancellationRequested();
            if (matrix is { Rows: > 0 })
            {
                kept.Add(utterance);
                matrices.Add(matrix);
            }
            else
            {
                drops.Add(drop ?? new Drop(utterance.Id, DropReason.TooShort, "no frame fits into it"));
            }

            progress(++done);
        }

        return new(kept, [.. matrices], utterances.Count, drops) { Warnings = warnings };
    }

    /// <summary>The rspecifier of a set's given features.</summary>
    public static string TableOf(CorpusSet set) => set.Features ?? $"scp:{Path.Combine(set.Dir, "feats.scp")}";

    /// <summary>The options of the extractor that a recipe asks for.</summary>
    /// <exception cref="InputException">An option does not exist, or its value is none.</exception>
    public static FeatureOptions OptionsOf(FeaturesRecipe recipe)
    {
        var options = recipe.ExtractorDefaults() ?? throw new ArgumentException("given features have no extractor", nameof(recipe));
        foreach (var (name, value) in recipe.Options)
            options = options.With(name, value);

        return options;
    }

    /// <summary>The extractor that a recipe asks for.</summary>
    /// <exception cref="InputException">An option does not exist, its value is out of range, or two contradict each other.</exception>
    public static IFeatureExtractor ExtractorOf(FeaturesRecipe recipe)
    {
        var extractor = OptionsOf(recipe).CreateExtractor();
        if (recipe.Pitch is null)
            return extractor;

        var frame = extractor.Options.Frame;
        var pitch = new PitchFeatureOptions
        {
            Tracking = new()
            {
                SampleFrequency = frame.SampleFrequency,
                FrameShift = frame.FrameShift,
                SnipEdges = frame.SnipEdges,
            },
        };
        foreach (var (name, value) in recipe.Pitch.Options)
            pitch = pitch.With(name, value);

        return new PitchAppender(extractor, pitch);
    }

    private IEnumerable<(Utterance, FloatMatrix?, Drop?)> Extract(
        IReadOnlyList<Utterance> utterances, List<string> warnings, CancellationToken cancellation)
    {
        using var files = remote?.Prefetch(utterances.Select(utterance => utterance.Audio));
        var workers = new FeatureWorkers(ExtractorOf(recipe), seed, threads) { Hold = files is null ? null : files.Hold };
        foreach (var (utterance, result) in utterances.Zip(workers.Extract(utterances.Select(FeatureRequest.Of), cancellation)))
        {
            var drop = result.Failure is null ? null : new Drop(utterance.Id, DropReason.BadAudio, result.Failure);
            if (result.Warning is not null)
                warnings.Add(result.Warning);

            yield return (utterance, result.Features, drop);
        }
    }

    private IEnumerable<(Utterance, FloatMatrix?, Drop?)> Given(CorpusSet set, IReadOnlyList<Utterance> utterances)
    {
        var table = TableOf(set);
        var wanted = utterances.Select(utterance => utterance.Id).ToHashSet();
        var entries = remote?.Matrices(table, wanted)
            ?? KaldiTables.Matrix.Read(table).Where(entry => wanted.Contains(entry.Key)).DistinctBy(entry => entry.Key);
        var matrices = entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var utterance in utterances)
        {
            var found = matrices.Remove(utterance.Id, out var matrix);
            yield return (utterance, matrix, found ? null : new Drop(utterance.Id, DropReason.NoFeatures, $"not in {table}"));
        }
    }
}

/// <summary>The features of a set, utterance by utterance, before they are packed.</summary>
/// <param name="Utterances">The utterances that have features.</param>
/// <param name="Matrices">Their features <c>[T, D]</c>, in the same order.</param>
/// <param name="Total">The utterances that were asked for.</param>
/// <param name="Drops">Those that have no features.</param>
public sealed record SetFeatures(
    IReadOnlyList<Utterance> Utterances, FloatMatrix[] Matrices, int Total, IReadOnlyList<Drop> Drops)
{
    /// <summary>Gets what is doubtful about recordings whose features are used.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
