using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Data.Streaming;

/// <summary>Prepares a recipe's training set for streaming: an index of utterances and lengths, classes, statistics.</summary>
/// <param name="recipe">The run's recipe.</param>
/// <param name="normalisation">The normalisation, to which the set gives the statistics.</param>
/// <param name="folder">The folder of the file of classes.</param>
/// <param name="progress">Follows the work, and receives a line about what was dropped.</param>
internal sealed class StreamedSetLoader(
    Recipe recipe, SpeakerNormalisation normalisation, string folder, ITrainingProgress progress)
{
    private const string Name = "train";

    // A set is read as single matrices and then laid into one table.
    private const int PeakFactor = 2;
    private const int FewUtterances = 20_000;
    private const int SampledUtterances = 200;

    /// <summary>True when a recipe's training set is to be streamed.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="memory">The memory of this machine, in bytes.</param>
    /// <param name="workers">The workers on this machine.</param>
    public static bool IsDue(Recipe recipe, long memory, int workers) =>
        recipe.Train.Store == FrameStore.Stream
        || (recipe.Train.Store == FrameStore.Auto && PeakFactor * BytesOf(recipe) > memory / workers);

    /// <summary>Looks at all utterances and alignments.</summary>
    /// <param name="set">The training set.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">The set cannot be streamed, its data is wrong, or too much of it cannot be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public StreamedSet Load(CorpusSet set, int classes, CancellationToken cancellation)
    {
        if (Problem(recipe, set) is { } problem)
            throw new InputException($"{problem} cannot be streamed; use train.store: memory, or leave it out.");

        var transitions = SetLoader.TransitionModelOf(Name, set);
        var utterances = SetLoader.UtterancesOf(set);
        var features = FeaturesOf(recipe, set);
        using var writer = new ClassFile.Writer(folder, classes);
        var index = StreamIndex.Make(
            Name, utterances, features, AlignmentSet.ReadEach(set.Alignments ?? "", transitions), transitions.ToPdfMap(),
            recipe.Train, classes, writer, done => Report(done, utterances.Count), cancellation);
        if (index.Drops.Drops.Count > 0)
            progress.Say($"set '{Name}': {index.Drops}");

        var statistics = normalisation.Prepare(index.Utterances, index.Dim, set.Cmvn, () => All(index, features, cancellation));
        var masks = recipe.Augment?.SpecAugment is { } options ? new SpecAugment(options, recipe.Seed) : null;
        return new StreamedSet(index, features, normalisation, statistics, recipe.Features.Deltas, masks);
    }

    private IEnumerable<FloatMatrix> All(StreamIndex index, IUtteranceFeatures features, CancellationToken cancellation)
    {
        progress.Say(
            $"set '{Name}': all features are read once for the statistics of features.cmvn; corpus.{Name}.cmvn saves it.");
        var done = 0;
        foreach (var matrix in OrderedParallel.Select(index.Utterances, features.Read, recipe.Train.Threads, cancellation))
        {
            Report(++done, index.Utterances.Length);
            yield return matrix;
        }
    }

    private static string? Problem(Recipe recipe, CorpusSet set) => recipe switch
    {
        _ when set.Targets is not null => $"corpus.{Name}.targets: soft targets",
        _ when set.FrameWeights is not null => $"corpus.{Name}.frame-weights: weights of frames",
        _ when set.UtteranceWeights is not null => $"corpus.{Name}.utterance-weights: weights of utterances",
        _ when recipe.Augment is { ChangesWaves: true } => "augment: changes of waves",
        _ when recipe.Corpus.Source is not null => "corpus.source: a corpus elsewhere",
        _ => null,
    };

    private static IUtteranceFeatures FeaturesOf(Recipe recipe, CorpusSet set) => recipe.Features.Type == FeatureType.Given
        ? new ScriptFeatures(FeatureSource.TableOf(set), Path.Combine(set.Dir, "utt2num_frames"))
        : new AudioFeatures(new FeatureWorkers(FeatureSource.ExtractorOf(recipe.Features), recipe.Seed));

    // The bytes of a set in memory, by a sample of its utterances. Small sets, and those that cannot be streamed, count as nothing.
    private static long BytesOf(Recipe recipe)
    {
        if (recipe.Corpus.Train is not { } set || Problem(recipe, set) is not null)
            return 0;

        var utterances = SetLoader.UtterancesOf(set);
        if (utterances.Count < FewUtterances || FeaturesOf(recipe, set) is not { } features)
            return 0;

        var sample = utterances.Where((_, place) => place % (utterances.Count / SampledUtterances) == 0).ToList();
        var counts = sample.Select(features.Count).ToList();
        var first = counts.FindIndex(count => count.Drop is null);
        if (first < 0)
            return 0;

        var values = features.Read(sample[first]).Columns * (1 + (recipe.Features.Deltas?.Order ?? 0));
        return (long)(counts.Average(count => count.Frames) * utterances.Count * values * sizeof(float));
    }

    private void Report(int done, int total) => progress.Report(new()
    {
        Stage = RunStage.Features,
        Set = Name,
        Done = done,
        Total = total,
        Unit = "utterances",
    });
}
