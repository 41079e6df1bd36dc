using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Corpus;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Cli.Recipes;

/// <summary>Synthesises the corpus that a recipe names when it is missing or was made with other options.</summary>
internal static class CorpusPreparation
{
    /// <summary>Synthesises the corpus of a recipe unless all of it is there.</summary>
    internal static void Ensure(Recipe recipe, ITrainingProgress progress, CancellationToken cancellation)
    {
        if (recipe.Corpus.Synth is not { } synth)
            return;

        var options = SynthOptions.Of(synth);
        if (!MandarinDigitsCorpus.IsComplete(options.Folder, options))
            Make(options, progress, cancellation);
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
