using System.CommandLine;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Corpus;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir corpus synth</c>: synthesises a corpus.</summary>
internal static class CorpusCommand
{
    internal static Command Create(Diagnostics diagnostics) => new Command("corpus", "Make corpora.") { Synth(diagnostics) }
        .WithExamples("mimir corpus synth data/mandarin-digits --set seed=7 --set train-utterances=4000");

    private static Command Synth(Diagnostics diagnostics)
    {
        var folder = new Argument<string>("folder") { Description = "Where the corpus goes; an older one there is replaced." };
        var set = new Option<string[]>("--set")
        {
            Description = "An option of the corpus (may be repeated): "
                + $"{string.Join(", ", SynthOptions.OptionNames)}.",
            HelpName = "option=value",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("synth", "Speak a corpus of Mandarin digit strings with espeak-ng, as a Kaldi data directory.")
        {
            folder, set,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = parsed.GetRequiredValue(set).Select(Pair).Aggregate(
                new MandarinDigitsOptions { Folder = parsed.GetRequiredValue(folder) },
                (options, pair) => options.With(pair.Name, pair.Value));
            return Task.FromResult(ProgressDisplay.Run(diagnostics, progress =>
            {
                CorpusPreparation.Make(options, progress, cancellation);
                return ExitCodes.Success;
            }));
        });
        return command.WithExamples("mimir corpus synth data/mandarin-digits --set seed=7 --set train-utterances=4000");
    }

    private static (string Name, string Value) Pair(string text) => text.Split('=', 2) is [var name, var value]
        ? (name, value)
        : throw new InputException($"--set {text}: expected option=value");
}
