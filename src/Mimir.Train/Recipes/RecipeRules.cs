using Mimir.Config;
using Mimir.Train.Recipes.Tables;

namespace Mimir.Train.Recipes;

/// <summary>What must hold between the values of a recipe. Looks at no file.</summary>
internal static class RecipeRules
{
    /// <summary>Everything in the recipe that cannot be.</summary>
    public static IEnumerable<RecipeFinding> Check(LoadedRecipe loaded, RecipeReaderOptions options) =>
        Corpus(loaded).Concat(Features(loaded, options)).Concat(Augmentation(loaded)).Concat(ModelRules.Check(loaded)).Concat(SequenceRules.Check(loaded)).Concat(Training(loaded)).Concat(DistributeRules.Check(loaded)).Concat(Decoding(loaded));

    private static IEnumerable<RecipeFinding> Corpus(LoadedRecipe loaded)
    {
        var corpus = loaded.Recipe.Corpus;
        foreach (var finding in Targets(loaded, "train", "training", corpus.Train))
            yield return finding;
        foreach (var finding in Targets(loaded, "cv", "cross-validation", corpus.Cv))
            yield return finding;
        if (corpus.Train is { Targets: not null, Alignments: null, TransitionModel: null }
            && loaded.Recipe.Model is [.., SoftmaxLayer { Dim: null }])
        {
            yield return At(
                loaded,
                "corpus.train.targets",
                "'corpus.train.targets': nothing says how many classes there are; name 'corpus.train.transition-model', or give "
                + "the softmax its 'dim'");
        }

        if (corpus is { Source: not null, Synth: not null })
        {
            yield return At(
                loaded, "corpus.source", "'corpus.source': a corpus that Mimir makes lies on this machine; leave one of 'source' and 'synth' out");
        }

        foreach (var name in corpus.Tests.Keys.Where(Taken))
        {
            yield return At(
                loaded, $"corpus.tests.{name}", $"'corpus.tests.{name}': another set has the name '{name}'; choose one more");
        }

        bool Taken(string name) => name is "train" or "cv" or "dev" || name == "test" && corpus.Test is not null;
    }

    private static IEnumerable<RecipeFinding> Targets(LoadedRecipe loaded, string name, string what, CorpusSet? set)
    {
        if (set is { Alignments: null, Targets: null })
        {
            yield return At(
                loaded,
                $"corpus.{name}",
                $"'corpus.{name}.alignments' is missing: {what} needs the folder of ali.*.gz, or a table of posteriors (targets)");
        }

        if (set is { Alignments: not null, Targets: not null })
        {
            yield return At(
                loaded,
                $"corpus.{name}.targets",
                $"'corpus.{name}.targets': the set has alignments too; keep one of the two");
        }
    }

    private static IEnumerable<RecipeFinding> Features(LoadedRecipe loaded, RecipeReaderOptions options)
    {
        var features = loaded.Recipe.Features;
        var given = features.Type == FeatureType.Given;
        var names = given ? new NoOptions() : options.FeatureOptions(FeatureNames.KindOf(features.Type));
        var findings = Options(loaded, "features", features.Options, names, FeaturesTable.Features.Keys);
        if (features.Pitch is { } pitch)
        {
            findings = findings.Concat(Options(loaded, "features.pitch", pitch.Options, new PitchNames(), []));
            if (given)
            {
                findings = findings.Append(At(
                    loaded, "features.pitch", "'features.pitch': given features take no pitch; choose another features.type"));
            }
        }

        if (loaded.Recipe.Corpus.Synth is { } synth)
        {
            findings = findings.Concat(
                Options(loaded, "corpus.synth", synth.Options, options.SynthOptions(synth.Kind), ["kind", "dir"]));
        }

        foreach (var finding in findings)
            yield return finding;
        foreach (var (name, set) in loaded.Recipe.Corpus.AllSets.Where(set => given && set.Value.Features is null))
        {
            yield return At(
                loaded,
                PathOf(loaded.Recipe, name, set),
                $"the set '{name}' has no 'features', which 'features.type: given' needs");
        }
    }

    private static IEnumerable<RecipeFinding> Augmentation(LoadedRecipe loaded)
    {
        if (loaded.Recipe.Augment is not { } augment)
            yield break;

        if (augment.ChangesWaves && loaded.Recipe.Features.Type == FeatureType.Given)
        {
            yield return At(
                loaded,
                "augment",
                "'augment': speed, volume, noise and reverberation change audio, and 'features.type: given' has none; "
                + "only spec-augment goes with it");
        }

        if (augment.Volume.Count is not (0 or 2) || (augment.Volume is [var least, var most] && least > most))
        {
            yield return At(
                loaded, "augment.volume", "'augment.volume': expected the least and the greatest factor, such as [0.125, 2]");
        }

        if (augment.Noise is { Snr.Count: 0 })
            yield return At(loaded, "augment.noise.snr", "'augment.noise.snr': expected at least one, such as [20, 10, 0]");
        if (augment.Noise is { Counts.Count: 0 })
            yield return At(loaded, "augment.noise.counts", "'augment.noise.counts': expected at least one, such as [1]");
    }

    private static IEnumerable<RecipeFinding> Options(
        LoadedRecipe loaded,
        string path,
        IReadOnlyDictionary<string, string> given,
        IOptionNames? known,
        IReadOnlyList<string> keys)
    {
        if (known is null)
            yield break;

        foreach (var (name, value) in given)
        {
            if (!known.Names.Contains(name))
            {
                var hint = NearestKey.Hint(name, [.. keys, .. known.Names]);
                yield return At(loaded, $"{path}.{name}", $"unknown key '{name}' in '{path}'; {hint}");
            }
            else if (known.Problem(name, value) is { } problem)
            {
                yield return At(loaded, $"{path}.{name}", $"'{path}.{name}': {problem}");
            }
        }
    }

    private static IEnumerable<RecipeFinding> Training(LoadedRecipe loaded)
    {
        var train = loaded.Recipe.Train;
        if (train.Batch.Unit == BatchUnit.Frames && train.Batch.ShuffleWindow < train.Batch.Frames)
        {
            yield return At(
                loaded,
                "train.batch.shuffle-window",
                $"'train.batch.shuffle-window': expected at least train.batch.frames, {train.Batch.Frames}, "
                + $"got {train.Batch.ShuffleWindow}");
        }

        if (train.Schedule is NewbobRecipe { } newbob && newbob.MinEpochs > newbob.MaxEpochs)
        {
            yield return At(
                loaded,
                "train.schedule.newbob.min-epochs",
                $"'train.schedule.newbob.min-epochs': expected at most max-epochs, {newbob.MaxEpochs}, got {newbob.MinEpochs}");
        }
    }

    private static IEnumerable<RecipeFinding> Decoding(LoadedRecipe loaded)
    {
        var recipe = loaded.Recipe;
        if (recipe.Decode is not { } decode)
            yield break;

        var names = recipe.Corpus.AllSets.Select(set => set.Key).Where(name => name != "train").ToList();
        if (!names.Contains(decode.TuneOn))
        {
            yield return At(
                loaded,
                "decode.tune-on",
                $"'decode.tune-on': there is no set '{decode.TuneOn}' to choose weights on; "
                + NearestKey.Hint(decode.TuneOn, names));
        }

        if (recipe.Corpus.Train is { Targets: not null, Alignments: null, TransitionModel: null })
        {
            const string Key = "corpus.train.transition-model";
            yield return At(loaded, Key, $"'{Key}' is missing: decoding needs to know what the graph's transition-ids mean");
        }

        if (decode.Score.WordInsertionPenalties.Count == 0)
        {
            const string Key = "decode.score.word-insertion-penalties";
            yield return At(loaded, Key, $"'{Key}': expected at least one, such as [0]");
        }
    }

    /// <summary>The path of a set in the recipe.</summary>
    internal static string PathOf(Recipe recipe, string name, CorpusSet set) =>
        recipe.Corpus.Tests.TryGetValue(name, out var other) && ReferenceEquals(other, set)
            ? $"corpus.tests.{name}"
            : $"corpus.{name}";

    /// <summary>A finding with the line of what it is about.</summary>
    internal static RecipeFinding At(LoadedRecipe loaded, string path, string message)
    {
        // A default has no line; the nearest section that somebody wrote has one.
        var place = path;
        while (place.Length > 0 && !loaded.Origins.ContainsKey(place))
            place = place.LastIndexOf('.') is var dot and > 0 ? place[..dot] : "";
        return new RecipeFinding(path, loaded.OriginOf(place), message);
    }

    private sealed class NoOptions : IOptionNames
    {
        public IReadOnlyCollection<string> Names => [];

        public string? Problem(string name, string value) => null;
    }
}
