using System.Text.RegularExpressions;
using Mimir.Config;
using Mimir.Core.Optimisers;
using Mimir.Features.Pitch;
using Mimir.Train.Layers;

namespace Mimir.Train.Recipes;

/// <summary>The values of a recipe that contradict each other. Looks at no file.</summary>
internal static partial class RecipeRules
{
    /// <summary>Lists every contradiction.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="options">The options that the recipe was read with.</param>
    public static IEnumerable<Finding> Check(LoadedRecipe loaded, RecipeReaderOptions options) =>
    [
        .. Corpus(loaded),
        .. StartRules.Check(loaded),
        .. Features(loaded, options),
        .. Augmentation(loaded),
        .. ModelRules.Check(loaded),
        .. Training(loaded),
        .. SequenceRules.Check(loaded),
        .. LossRules.Check(loaded),
        .. DistributeRules.Check(loaded),
        .. Decoding(loaded),
    ];

    private static IEnumerable<Finding> Corpus(LoadedRecipe loaded)
    {
        var corpus = loaded.Recipe.Corpus;
        foreach (var finding in Targets(loaded, "train", "training", corpus.Train))
            yield return finding;
        foreach (var finding in Targets(loaded, "cv", "cross-validation", corpus.Cv))
            yield return finding;
        if (corpus.Train is { Targets: not null, Alignments: null, TransitionModel: null }
            && loaded.Recipe.Model is [.., SoftmaxLayer { Dim: null }])
        {
            yield return loaded.At(
                "corpus.train.targets",
                "'corpus.train.targets': nothing says how many classes there are; name 'corpus.train.transition-model', or give "
                + "the softmax its 'dim'");
        }

        if (corpus is { Source: not null, Synth: not null })
        {
            yield return loaded.At(
                "corpus.source",
                "'corpus.source': a corpus that Mimir makes lies on this machine; leave one of 'source' and 'synth' out");
        }

        foreach (var name in corpus.Tests.Keys.Where(Taken))
        {
            yield return loaded.At($"corpus.tests.{name}", $"'corpus.tests.{name}': another set has the name '{name}'; choose one more");
        }

        foreach (var name in corpus.Tests.Keys.Where(name => !SetName().IsMatch(name)))
        {
            yield return loaded.At(
                $"corpus.tests.{name}",
                $"'corpus.tests.{name}': the name of a set names a folder too: expected letters, digits, '-', '_' and '.', the first of "
                + "them a letter, a digit or '_', and at most 100");
        }

        bool Taken(string name) => name is "train" or "cv" or "dev" || name == "test" && corpus.Test is not null;
    }

    private static IEnumerable<Finding> Targets(LoadedRecipe loaded, string name, string what, CorpusSet? set)
    {
        if (set is { Alignments: null, Targets: null } && loaded.Recipe.Train.Loss.NeedsFrameTargets)
        {
            yield return loaded.At(
                $"corpus.{name}",
                $"'corpus.{name}.alignments' is missing: {what} needs the folder of ali.*.gz, a table of posteriors (targets), or a "
                + "section 'start' that makes alignments from audio and text");
        }

        if (set is { Alignments: not null, Targets: not null })
        {
            yield return loaded.At(
                $"corpus.{name}.targets",
                $"'corpus.{name}.targets': the set has alignments too; keep one of the two");
        }
    }

    private static IEnumerable<Finding> Features(LoadedRecipe loaded, RecipeReaderOptions options)
    {
        var (features, corpus) = (loaded.Recipe.Features, loaded.Recipe.Corpus);
        var given = features.Type == FeatureType.Given;
        var extractor = features.ExtractorDefaults();
        foreach (var finding in FreeOptions.Check(loaded, "features", features.Options, extractor, typeof(FeaturesRecipe)))
            yield return finding;
        if (features.Pitch is { } pitch)
        {
            var defaults = new PitchFeatureOptions();
            foreach (var finding in FreeOptions.Check(loaded, "features.pitch", pitch.Options, defaults, typeof(PitchRecipe)))
                yield return finding;
            if (given)
                yield return loaded.At("features.pitch", "'features.pitch': given features take no pitch; choose another features.type");
        }

        if (corpus.Synth is { } synth && options.SynthOptions(synth.Kind) is { } maker)
        {
            foreach (var finding in FreeOptions.Check(loaded, "corpus.synth", synth.Options, maker, typeof(SynthRecipe)))
                yield return finding;
        }

        foreach (var (name, set) in corpus.AllSets.Where(set => given && set.Value.Features is null))
        {
            yield return loaded.At(
                corpus.PathOf(name, set), $"the set '{name}' has no 'features', which 'features.type: given' needs");
        }
    }

    private static IEnumerable<Finding> Augmentation(LoadedRecipe loaded)
    {
        if (loaded.Recipe.Augment is not { } augment)
            yield break;

        if (augment.ChangesWaves && loaded.Recipe.Features.Type == FeatureType.Given)
        {
            yield return loaded.At(
                "augment",
                "'augment': speed, volume, noise and reverberation change audio, and 'features.type: given' has none; "
                + "only spec-augment goes with it");
        }

        if (augment.Volume.Count is not (0 or 2) || (augment.Volume is [var least, var most] && least > most))
        {
            yield return loaded.At("augment.volume", "'augment.volume': expected the least and the greatest factor, such as [0.125, 2]");
        }

        if (augment.Noise is { Snr.Count: 0 })
            yield return loaded.At("augment.noise.snr", "'augment.noise.snr': expected at least one, such as [20, 10, 0]");
        if (augment.Noise is { Counts.Count: 0 })
            yield return loaded.At("augment.noise.counts", "'augment.noise.counts': expected at least one, such as [1]");
    }

    private static IEnumerable<Finding> Training(LoadedRecipe loaded)
    {
        var train = loaded.Recipe.Train;
        if (train.Batch.Unit == BatchUnit.Frames && train.Batch.ShuffleWindow < train.Batch.Frames)
        {
            yield return loaded.At(
                "train.batch.shuffle-window",
                $"'train.batch.shuffle-window': expected at least train.batch.frames, {train.Batch.Frames}, "
                + $"got {train.Batch.ShuffleWindow}");
        }

        if (train.Optimiser is NaturalGradientOptions { BackstitchScale: > 0, Momentum: > 0 })
        {
            const string Key = "train.optimiser.natural-gradient.backstitch-scale";
            yield return loaded.At(Key, $"'{Key}': backstitch has no momentum, as in nnet3; leave one of the two out");
        }

        if (train is { Schedule: NewbobRecipe, Average: EmaRecipe or SwaRecipe })
        {
            yield return loaded.At(
                "train.average",
                "'train.average': newbob goes back to earlier networks, which a running average has left behind; average 'last' or "
                + "'greedy', or choose a schedule of a fixed number of epochs");
        }

        if (train.Schedule is NewbobRecipe { } newbob && newbob.MinEpochs > newbob.MaxEpochs)
        {
            yield return loaded.At(
                "train.schedule.newbob.min-epochs",
                $"'train.schedule.newbob.min-epochs': expected at most max-epochs, {newbob.MaxEpochs}, got {newbob.MinEpochs}");
        }
    }

    private static IEnumerable<Finding> Decoding(LoadedRecipe loaded)
    {
        var recipe = loaded.Recipe;
        if (recipe.Decode is not { } decode || recipe.Train.Loss is CtcRecipe)
            yield break;

        var names = recipe.Corpus.AllSets.Select(set => set.Key).Where(name => name != "train").ToList();
        if (!names.Contains(decode.TuneOn))
        {
            yield return loaded.At(
                "decode.tune-on",
                $"'decode.tune-on': there is no set '{decode.TuneOn}' to choose weights on; "
                + NearestKey.Hint(decode.TuneOn, names));
        }

        if (recipe.Corpus.Train is { Targets: not null, Alignments: null, TransitionModel: null })
        {
            const string Key = "corpus.train.transition-model";
            yield return loaded.At(Key, $"'{Key}' is missing: decoding needs to know what the graph's transition-ids mean");
        }

        if (decode.Graph.Length == 0)
            yield return loaded.At("decode", "'decode.graph' is missing: the folder with HCLG.fst and words.txt");

        if (decode.Score.WordInsertionPenalties.Count == 0)
        {
            const string Key = "decode.score.word-insertion-penalties";
            yield return loaded.At(Key, $"'{Key}': expected at least one, such as [0]");
        }
    }

    [GeneratedRegex(@"^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.\-]{0,99}\z")]
    private static partial Regex SetName();
}
