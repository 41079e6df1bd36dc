using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Train.Export;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir import</c>: makes a model folder of a network of Kaldi's, or of ONNX.</summary>
internal static class ImportCommand
{
    internal static Command Create()
    {
        var files = new Argument<string[]>("files")
        {
            Description = "nnet1 files in the order of the data (a feature transform, then the network), a folder of Kaldi's with "
                + "final.nnet, or an ONNX model.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output") { Description = "The model folder to make.", Required = true };
        var counts = new Option<string?>("--counts") { Description = "Class counts (ali_train_pdf.counts), for the priors." };
        var transitions = new Option<string?>("--transition-model") { Description = "Kaldi's final.mdl that the classes belong to." };
        var command = new Command(
            "import", "Make a model folder of a network of Kaldi's nnet1, or of an ONNX model that is a chain of layers.")
        {
            files, output, counts, transitions,
        };
        command.SetAction(parsed =>
        {
            var folder = parsed.GetRequiredValue(output);
            ModelImport.Run(parsed.GetRequiredValue(files), folder, parsed.GetValue(counts), parsed.GetValue(transitions));
            Console.WriteLine(folder);
        });
        return command.WithExamples(
            "mimir import kaldi/exp/dnn --output exp/dnn/model",
            "mimir import dnn.onnx --output exp/dnn/model",
            "mimir import final.feature_transform final.nnet --counts ali_train_pdf.counts --transition-model final.mdl --output model");
    }
}
