using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Train.Packages;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir package</c>: all that a model needs to transcribe, in one folder.</summary>
internal static class PackageCommand
{
    internal static Command Create()
    {
        var run = new Argument<string>("run") { Description = "The run (exp/x)." };
        var output = new Option<string?>("--out")
        {
            Description = "The folder to make. The default is the run's folder with package in it.",
            HelpName = "folder",
        };
        var set = TranscribeCommand.SetOption();
        var command = new Command(
            "package",
            "Put network, features, class counts, decoding graph, words and weights into one folder, which transcribes anywhere: "
                + "mimir transcribe AUDIO --model FOLDER. Every file has a checksum, and the model is loaded once before it is packed. "
                + "A folder with files of others is left alone.")
        {
            run, output, set,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(run);
            var folder = parsed.GetValue(output) ?? Path.Combine(name, "package");
            var files = ModelPackage.Write(ModelFiles.Find(name, parsed.GetRequiredValue(set)), folder);
            var bytes = files.Sum(file => new FileInfo(Path.Combine(folder, file)).Length);
            Console.WriteLine(FormattableString.Invariant(
                $"{folder}: {files.Count} files, {bytes / 1e6:0.0} MB; next: mimir transcribe AUDIO --model {folder}"));
        });
        return command.WithExamples(
            "mimir package exp/mandarin-digits-dnn",
            "mimir package exp/mandarin-digits-dnn --out digits.package --set decode.beam=11");
    }
}
