using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir decode run|ark</c>: decoding without training.</summary>
internal static class DecodeCommand
{
    internal static Command Create(Diagnostics diagnostics) => new Command(
        "decode", "Decode without training: the sets of a recipe, or scores in a Kaldi table.")
    {
        Run(diagnostics),
        DecodeArkCommand.Create(diagnostics),
    }.WithExamples(
        "mimir decode run recipes/mandarin-digits/dnn.yaml --set decode.beam=15",
        "mimir decode ark ark:loglikes.ark --graph exp/tri1/graph --transition-model exp/tri1/final.mdl --out decode/test");

    private static Command Run(Diagnostics diagnostics)
    {
        var (file, set) = RecipeArguments.Create();
        var nnet1 = new Option<string[]>("--nnet1")
        {
            Description = "Take this Kaldi nnet1 network, not the run's model; the feature transform goes before the network.",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var counts = new Option<string?>("--counts")
        {
            Description = "The class counts of that network, as analyze-counts writes them.",
            HelpName = "file",
        };
        var command = new Command("run", "Decode and score the sets of a recipe with the model of its run, or with a network of Kaldi's.")
        {
            file, set, nnet1, counts,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var recipe = RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set)));
            var options = new DecodingRunOptions
            {
                Nnet1 = parsed.GetRequiredValue(nnet1),
                Counts = parsed.GetValue(counts),
                Logging = diagnostics.Run,
            };
            var scores = ProgressDisplay.Run(
                diagnostics, progress => DecodingRun.Execute(recipe, options, progress, TimeProvider.System, cancellation));
            foreach (var score in scores)
                Console.WriteLine(score);

            return Task.FromResult(ExitCodes.Success);
        });
        return command.WithExamples(
            "mimir decode run recipes/mandarin-digits/dnn.yaml --set decode.beam=15",
            "mimir decode run recipe.yaml --set output=exp/kaldi --nnet1 final.feature_transform final.nnet --counts ali_train_pdf.counts");
    }
}
