using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir decode ark</c>: decodes posteriors or log-likelihoods that are in a Kaldi table.</summary>
internal static class DecodeArkCommand
{
    private static readonly DecodeRecipe Defaults = new();

    internal static Command Create(Diagnostics diagnostics)
    {
        var scores = new Argument<string>("scores") { Description = "The table of log-likelihoods, an rspecifier (ark:llk.ark)." };
        var graph = new Option<string>("--graph") { Description = "The folder with HCLG.fst and words.txt.", Required = true };
        var model = new Option<string>("--transition-model")
        {
            Description = "Kaldi's final.mdl that the graph was made with.",
            Required = true,
        };
        var folder = new Option<string>("--out")
        {
            Description = "Receives hyp.txt and, with --text, the tables of errors.",
            Required = true,
        };
        var posteriors = new Option<bool>("--posteriors") { Description = "The table holds posteriors." };
        var counts = new Option<string?>("--counts") { Description = "Class counts whose log-priors are subtracted." };
        var text = new Option<string?>("--text") { Description = "Transcripts, to score with and to choose the weights by." };
        var encoding = TextOptions.Encoding();
        var unit = ScoreCommand.UnitOption();
        var ignore = ScoreCommand.IgnoreOption();
        var beam = new Option<double>("--beam") { DefaultValueFactory = _ => Defaults.Beam };
        var active = new Option<int>("--max-active") { DefaultValueFactory = _ => Defaults.MaxActive };
        var latticeBeam = new Option<double>("--lattice-beam") { DefaultValueFactory = _ => Defaults.LatticeBeam };
        var scale = new Option<double>("--acoustic-scale") { DefaultValueFactory = _ => Defaults.AcousticScale };
        var weights = new Option<int[]>("--lm-weights")
        {
            Description = "Language-model weights to try; without --text the first is taken.",
            DefaultValueFactory = _ => [.. Defaults.Score.LmWeights],
            AllowMultipleArgumentsPerToken = true,
        };
        var command = new Command("ark", "Decode posteriors or log-likelihoods that are in a Kaldi table.")
        {
            scores, graph, model, folder, posteriors, counts, text, encoding, unit, ignore, beam, active, latticeBeam, scale,
            weights,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new ArkDecodingOptions
            {
                Scores = parsed.GetRequiredValue(scores),
                TransitionModel = parsed.GetRequiredValue(model),
                Posteriors = parsed.GetValue(posteriors),
                Counts = parsed.GetValue(counts),
                References = parsed.GetValue(text),
                Encoding = TextOptions.Find(parsed.GetValue(encoding)),
                Decode = Defaults with
                {
                    Graph = parsed.GetRequiredValue(graph),
                    Beam = parsed.GetValue(beam),
                    MaxActive = parsed.GetValue(active),
                    LatticeBeam = parsed.GetValue(latticeBeam),
                    AcousticScale = parsed.GetValue(scale),
                    Score = Defaults.Score with
                    {
                        Unit = parsed.GetValue(unit),
                        Ignore = [.. ScoreCommand.Ignored(parsed.GetRequiredValue(ignore))],
                        LmWeights = parsed.GetRequiredValue(weights),
                    },
                },
            };
            var score = ProgressDisplay.Run(
                diagnostics,
                progress => ArkDecoding.Run(options, parsed.GetRequiredValue(folder), progress, TimeProvider.System, cancellation));
            Console.WriteLine(score?.ToString() ?? $"{parsed.GetRequiredValue(folder)}: hypotheses are in hyp.txt");
            return Task.FromResult(ExitCodes.Success);
        });
        return command.WithExamples(
            "mimir decode ark ark:loglikes.ark --graph exp/tri1/graph --transition-model exp/tri1/final.mdl "
                + "--out decode/test --text data/test/text",
            "mimir decode ark scp:post.scp --posteriors --counts ali_train_pdf.counts --graph graph "
                + "--transition-model final.mdl --out decode/test");
    }
}
