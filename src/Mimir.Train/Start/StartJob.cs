using Mimir.Decode.Building;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Start;

/// <summary>The context that the parts of a start share: the recipe, the folder, the language, the sets, the display.</summary>
internal sealed record StartJob(
    LoadedRecipe Loaded, StartRecipe Start, StartFolder Folder, RunLogging Logging, ITrainingProgress Progress, TimeProvider Time,
    CancellationToken Cancellation)
{
    /// <summary>Gets the recipe.</summary>
    public Recipe Recipe => Loaded.Recipe;

    /// <summary>Gets the language; there once its part is made.</summary>
    public required LangLexicon Language { get; init; }

    /// <summary>Gets the sets to align: train, then cv.</summary>
    public required IReadOnlyList<StartSet> Sets { get; init; }

    /// <summary>Gets the utterances that cannot be aligned, with the reason.</summary>
    public required IDictionary<string, string> Failures { get; init; }

    /// <summary>Gets the threads of alignment and statistics.</summary>
    public int Threads => Recipe.Train.Threads > 0 ? Recipe.Train.Threads : Environment.ProcessorCount;

    /// <summary>Gets the loader of the recipe's features.</summary>
    public SetLoader Features { get; } = LoaderOf(Loaded.Recipe, Progress);

    /// <summary>Makes a loader of other features.</summary>
    /// <param name="features">The features.</param>
    public SetLoader LoaderOf(FeaturesRecipe features) => LoaderOf(Recipe with { Features = features }, Progress);

    /// <summary>
    /// The MFCC that trees, Gaussians and the first networks take: the audio and window options of the recipe's features, means taken
    /// out for each utterance. Kaldi's scripts take those of a speaker, but where the recordings of a speaker came by different channels or
    /// with different noise, the noise of one is the speech of another.
    /// </summary>
    /// <param name="deltas">True for first and second derivatives.</param>
    public FeaturesRecipe Cepstra(bool deltas)
    {
        string[] kept = ["sample-frequency", "allow-downsample", "allow-upsample", "frame-length", "frame-shift", "snip-edges", "channel"];
        var options = Recipe.Features.Options.Where(option => kept.Contains(option.Key)).ToDictionary();
        options["dither"] = "0";
        options["use-energy"] = "false";
        return new()
        {
            Type = FeatureType.Mfcc,
            Cmvn = new() { Per = CmvnScope.Utterance },
            Deltas = deltas ? new() : null,
            Options = options,
        };
    }

    /// <summary>Shows how far a part is.</summary>
    public void Report(string set, long done, long total) => Progress.Report(new()
    {
        Stage = RunStage.Alignment,
        Set = set,
        Done = done,
        Total = total,
        Unit = "utterances",
    });

    // Features stay in memory from round to round. Utterances without an alignment are no reason to stop.
    private static SetLoader LoaderOf(Recipe recipe, ITrainingProgress progress) =>
        new(recipe with { Train = recipe.Train with { MaxDropped = 1 } }, progress) { Memory = new() };
}
