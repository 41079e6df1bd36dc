using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Corpus;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Cli.Recipes;

/// <summary>Synthesises the corpus that a recipe names when it is missing.</summary>
internal static class CorpusPreparation
{
    private const int Named = 4;

    /// <summary>Synthesises the corpus of a recipe unless all of it is there.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="remake">True to replace a corpus that is there and differs.</param>
    /// <param name="progress">Follows the work.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <exception cref="InputException">A corpus of other options is there, and is not to be replaced.</exception>
    internal static void Ensure(Recipe recipe, bool remake, ITrainingProgress progress, CancellationToken cancellation)
    {
        if (!remake && Problem(recipe) is { } problem)
            throw new InputException(problem);
        if (recipe.Corpus.Synth is { } synth && MandarinDigitsCorpus.Differences(SynthOptions.Of(synth)) is null or { Count: > 0 })
            Make(SynthOptions.Of(synth), progress, cancellation);
    }

    /// <summary>The problem of the corpus that a recipe would have made, with the remedy; null when it is right, or missing.</summary>
    internal static string? Problem(Recipe recipe)
    {
        if (recipe.Corpus.Synth is not { } synth || MandarinDigitsCorpus.Differences(SynthOptions.Of(synth)) is not { Count: > 0 } found)
            return null;

        var more = found.Count > Named ? $"; and {found.Count - Named} more" : "";
        return $"'corpus.synth': the corpus in '{synth.Dir}' is another one: {string.Join("; ", found.Take(Named))}{more}. Name another "
            + $"folder (corpus.synth.dir), or make the corpus anew there ({RecipeArguments.RemakeName})";
    }

    /// <summary>Synthesises a corpus and says how large it is.</summary>
    internal static void Make(MandarinDigitsOptions options, ITrainingProgress progress, CancellationToken cancellation)
    {
        var summary = MandarinDigitsCorpus.Create(options, new Relay(progress), cancellation);
        var sets = summary.Sets.Select(set => string.Create(
            CultureInfo.InvariantCulture,
            $"{set.Name} {set.Utterances:#,0} utterances, {set.Speakers} speakers, {set.Seconds / 60:0.0} min"));
        progress.Say($"{summary.Folder}: {string.Join("; ", sets)}; {summary.PdfCount} senones");
    }

    // Not System.Progress, which reports from another thread and out of order.
    private sealed class Relay(ITrainingProgress progress) : IProgress<CorpusProgress>
    {
        public void Report(CorpusProgress value) => progress.Report(new()
        {
            Stage = RunStage.Synthesis,
            Set = value.Set,
            Done = value.Done,
            Total = value.Total,
            Unit = "utterances",
        });
    }
}

/// <summary>The options of the corpora that Mimir can synthesise, for the recipe reader, which does not know them.</summary>
internal static class SynthOptions
{
    /// <summary>The one kind of corpus that can be synthesised.</summary>
    internal const string MandarinDigits = "mandarin-digits";

    /// <summary>Gets the names of the options.</summary>
    internal static IReadOnlyCollection<string> OptionNames { get; } =
        [.. Option.Of(typeof(MandarinDigitsOptions)).Select(option => option.Name)];

    /// <summary>The options of a kind of corpus, with their defaults.</summary>
    /// <exception cref="InputException">There is no such kind.</exception>
    internal static object? Find(string kind) => kind == MandarinDigits
        ? new MandarinDigitsOptions { Folder = "." }
        : throw new InputException($"'corpus.synth.kind': there is no corpus '{kind}' to make; Mimir makes '{MandarinDigits}'");

    /// <summary>The options of a recipe's corpus.</summary>
    internal static MandarinDigitsOptions Of(SynthRecipe synth) => synth.Options.Aggregate(
        new MandarinDigitsOptions { Folder = synth.Dir },
        (options, option) => options.With(option.Key, option.Value));
}
