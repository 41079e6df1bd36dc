using System.Globalization;
using Mimir.Corpus;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Cli.Recipes;

/// <summary>Makes the corpus that a recipe names when it is not there, or is another one.</summary>
internal static class CorpusPreparation
{
    /// <summary>Makes the corpus of a recipe unless all of it is there.</summary>
    internal static void Ensure(Recipe recipe, ITrainingProgress progress, CancellationToken cancellation)
    {
        if (recipe.Corpus.Synth is not { } synth)
            return;

        var options = SynthOptionCatalogue.OptionsOf(synth);
        if (!MandarinDigitsCorpus.IsComplete(options.Folder, options))
            Make(options, progress, cancellation);
    }

    /// <summary>Makes a corpus and says what it holds.</summary>
    internal static void Make(MandarinDigitsOptions options, ITrainingProgress progress, CancellationToken cancellation)
    {
        var relay = new Relay(progress);
        var summary = MandarinDigitsCorpus.Create(options, relay, cancellation);
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
