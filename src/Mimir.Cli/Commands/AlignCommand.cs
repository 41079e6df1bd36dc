using System.CommandLine;
using System.Globalization;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Terminal;
using Mimir.Train.Alignment;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir align</c>: aligns a data directory with a network.</summary>
internal static class AlignCommand
{
    private const int Shown = 5;

    private static readonly SetAlignmentOptions Defaults = new();

    internal static Command Create(Diagnostics diagnostics)
    {
        var model = new Argument<string>("model")
        {
            Description = "A run's folder (exp/NAME), or one of an nnet1 network (final.nnet, final.mdl, tree, ali_train_pdf.counts).",
        };
        var data = new Argument<string>("data") { Description = "The data directory: wav.scp or feats.scp, text." };
        var lang = new Option<string>("--lang")
        {
            Description = "The language of the model: L.fst, words.txt, phones.txt, phones/.",
            HelpName = "folder",
            Required = true,
        };
        var output = new Option<string>("--output") { Description = "The folder to write.", HelpName = "folder", Required = true };
        var tree = File("--tree", "The tree, where it is not beside the model or its alignments.");
        var transitions = File("--transition-model", "The transition model of an nnet1 network, where it is not in its folder.");
        var counts = File("--counts", "The class counts of the network, where they are not in its folder.");
        var root = new Option<string?>("--root") { Description = "Where relative audio paths start.", HelpName = "folder" };
        var beam = Number("--beam", "The beam of the search.", Defaults.Beam);
        var retry = Number("--retry-beam", "The beam of a second try where the first finds no whole path; 0 for none.", Defaults.RetryBeam);
        var scale = Number("--acoustic-scale", "The factor of log-likelihoods.", Defaults.AcousticScale);
        var transitionScale = Number("--transition-scale", "The scale of transition probabilities.", Defaults.TransitionScale);
        var loopScale = Number("--self-loop-scale", "The scale of self-loops against leaving.", Defaults.SelfLoopScale);
        var careful = new Option<bool>("--careful") { Description = "Fail where the audio goes on beyond the text." };
        var noGrids = new Option<bool>("--no-textgrid") { Description = "Write no TextGrids." };
        var device = new Option<string?>("--device") { Description = "auto, cpu, cuda or cuda:<index>; by default the run's." };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 is one for each core.", DefaultValueFactory = _ => 0 }
            .Within(0, 1024);
        var command = new Command(
            "align",
            "Align the texts of a data directory with its audio: Kaldi's alignments, CTM and TextGrids of words and phones, confidences; "
            + "transcripts by score, the doubtful first, and what does not align with the reason.")
        {
            model, data, lang, output, tree, transitions, counts, root, beam, retry, scale, transitionScale, loopScale, careful, noGrids,
            device, threads,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new AlignmentJobOptions
            {
                Model = parsed.GetRequiredValue(model),
                Files = new()
                {
                    Tree = parsed.GetValue(tree),
                    TransitionModel = parsed.GetValue(transitions),
                    Counts = parsed.GetValue(counts),
                    Device = parsed.GetValue(device),
                },
                Data = parsed.GetRequiredValue(data),
                Root = parsed.GetValue(root),
                Language = parsed.GetRequiredValue(lang),
                Output = parsed.GetRequiredValue(output),
                Alignment = new()
                {
                    Beam = parsed.GetValue(beam),
                    RetryBeam = parsed.GetValue(retry),
                    AcousticScale = parsed.GetValue(scale),
                    TransitionScale = parsed.GetValue(transitionScale),
                    SelfLoopScale = parsed.GetValue(loopScale),
                    Careful = parsed.GetValue(careful),
                },
                TextGrids = !parsed.GetValue(noGrids),
                Threads = parsed.GetValue(threads),
            };
            var summary = ProgressDisplay.Run(diagnostics, progress => AlignmentJob.Run(options, progress, cancellation));
            Console.Write(Text(summary, options.Output));
            return Task.FromResult(ExitCodes.Success);
        });
        return command.WithExamples(
            "mimir align exp/digits data/train --lang lang --output exp/digits_ali",
            "mimir align exp/dnn4 data-fbank/train --lang data/lang --output exp/dnn4_ali --careful --no-textgrid");
    }

    private static string Text(AlignmentSummary summary, string folder)
    {
        var lines = new List<string>
        {
            string.Create(
                CultureInfo.InvariantCulture,
                $"{folder}: {summary.Scores.Count} utterances aligned ({summary.Retried} with the second beam), {summary.Failures.Count} "
                + $"failed; mean confidence {summary.Scores.Average(score => score.MeanConfidence):F3}"),
        };
        if (summary.Unknown.Count > 0)
        {
            var most = summary.Unknown.OrderByDescending(word => word.Value).Take(Shown).Select(word => $"{word.Key} ({word.Value})");
            lines.Add($"not in the lexicon: {summary.Unknown.Count} words, such as {string.Join(", ", most)}");
        }

        lines.AddRange(summary.Failures.Take(Shown).Select(failure => $"failed: {failure.Utterance}: {failure.Reason}"));
        if (summary.Failures.Count > Shown)
            lines.Add($"failed: {summary.Failures.Count - Shown} more are in failed.tsv");

        lines.AddRange(summary.Scores.Take(Shown).Select(score => string.Create(
            CultureInfo.InvariantCulture,
            $"lowest: {score.Utterance} {score.Score:F3} at '{score.WeakestWord}' (mean {score.MeanConfidence:F3})")));
        return string.Concat(lines.Select(line => SafeText.Of(line) + "\n"));
    }

    private static Option<string?> File(string name, string description) => new(name) { Description = description, HelpName = "file" };

    private static Option<float> Number(string name, string description, float standard) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
    };
}
