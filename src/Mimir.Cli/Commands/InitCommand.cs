using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Train.Surveys;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir init</c>: writes a recipe for one's own data.</summary>
internal static class InitCommand
{
    internal static Command Create()
    {
        var folders = new Argument<string[]>("folders")
        {
            Description = "Kaldi data directories, alignments and a graph, or folders above them.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--output") { Description = "The recipe to write. The default is the first folder's name." };
        var command = new Command(
            "init",
            "Write a commented recipe for your own data: looks through folders for data directories, audio and its sample rate, text, "
                + "alignments, features and graphs, and says what is missing.")
        {
            folders, output,
        };
        command.SetAction(parsed =>
        {
            var names = parsed.GetRequiredValue(folders).Select(Path.TrimEndingDirectorySeparator).ToList();
            var survey = DataSurvey.Of(names);
            var recipe = parsed.GetValue(output) ?? $"{Path.GetFileName(Path.GetFullPath(names[0]))}.yaml";
            var files = StarterRecipe.Write(survey, recipe);
            foreach (var line in survey.Lines())
                Console.WriteLine(line);
            foreach (var note in survey.Notes)
                Console.Error.WriteLine($"mimir: {note}");

            Console.WriteLine($"{string.Join(", ", files)}: written; next: mimir recipe check {recipe}");
        });
        return command.WithExamples("mimir init .", "mimir init data/train data/dev exp/tri3_ali exp/tri3/graph --output mine.yaml");
    }
}
