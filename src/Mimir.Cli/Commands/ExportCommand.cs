using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Train.Export;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir export</c>: writes a model in the formats of other systems.</summary>
internal static class ExportCommand
{
    private const string Kaldi = "kaldi-nnet1";
    private const string Onnx = "onnx";

    internal static Command Create()
    {
        var model = new Argument<string[]>("model")
        {
            Description = "A model folder, the folder of a run, a folder of Kaldi's, nnet1 files (a feature transform before its network), "
                + "or an ONNX model.",
            Arity = ArgumentArity.OneOrMore,
        };
        var format = new Option<string>("--format") { Description = $"What to write: {Kaldi} or {Onnx}.", Required = true };
        format.AcceptOnlyFromAmong(Kaldi, Onnx);
        var output = new Option<string>("--output")
        {
            Description = "The file; for Kaldi also a folder (with a slash at its end), which receives final.nnet and what belongs to it.",
            Required = true,
        };
        var text = new Option<bool>("--text") { Description = "Write Kaldi's text form, with 7 digits, in place of the binary one." };
        var transform = new Option<string?>("--feature-transform")
        {
            Description = "Write splice, shift and scale to this file, apart from the network.",
        };
        var counts = new Option<string?>("--counts")
        {
            Description = "Class counts (of analyze-counts) that go along in place of the model's.",
        };
        var splice = new Option<string>("--splice")
        {
            Description = "ONNX: 'graph' takes an utterance and splices it, 'input' takes spliced frames.",
            DefaultValueFactory = _ => "graph",
        };
        splice.AcceptOnlyFromAmong("graph", "input");
        var shift = new Option<double?>("--frame-shift")
        {
            Description = "ONNX: the milliseconds of a frame to note; the recipe's by default.",
        };
        var lstm = new Option<string>("--lstm")
        {
            Description = "ONNX: 'exact' keeps the limit of the cells (cell-clip) by a Scan, 'operator' has the LSTM operator, without it.",
            DefaultValueFactory = _ => "exact",
        };
        lstm.AcceptOnlyFromAmong("exact", "operator");
        var command = new Command("export", "Write a model for Kaldi (nnet1) or for a runtime of ONNX.")
        {
            model, format, output, text, transform, counts, splice, lstm, shift,
        };
        command.SetAction(parsed =>
        {
            var written = ModelExport.Run(new ExportOptions
            {
                Sources = parsed.GetRequiredValue(model),
                Format = parsed.GetValue(format) == Onnx ? ExportFormat.Onnx : ExportFormat.KaldiNnet1,
                Output = parsed.GetRequiredValue(output),
                Text = parsed.GetValue(text),
                FeatureTransform = parsed.GetValue(transform),
                Counts = parsed.GetValue(counts),
                SpliceInGraph = parsed.GetValue(splice) != "input",
                KeepCellLimits = parsed.GetValue(lstm) != "operator",
                FrameShift = parsed.GetValue(shift),
            });
            foreach (var file in written)
                Console.WriteLine(file);
        });
        return command.WithExamples(
            "mimir export exp/dnn --format kaldi-nnet1 --output kaldi/exp/dnn/",
            "mimir export exp/dnn/model --format kaldi-nnet1 --text --output final.nnet --feature-transform final.feature_transform",
            "mimir export exp/dnn/model --format onnx --output dnn.onnx",
            "mimir export final.feature_transform final.nnet --counts ali_train_pdf.counts --format onnx --output dnn.onnx");
    }
}
