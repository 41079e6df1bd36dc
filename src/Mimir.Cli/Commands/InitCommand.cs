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
            Description = "Kaldi data directories, alignments and a graph, or folders above them; or recordings and their texts.",
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
            var recipe = parsed.GetValue(output) ?? $"{Path.GetFileName(Path.GetFullPath(names[0]))}.yaml";
            foreach (var note in Gather(names, recipe))
                Console.Error.WriteLine($"mimir: {note}");

            var survey = DataSurvey.Of(names);
            var files = StarterRecipe.Write(survey, recipe);
            foreach (var line in survey.Lines())
                Console.WriteLine(line);
            foreach (var note in survey.Notes)
                Console.Error.WriteLine($"mimir: {note}");

            Console.WriteLine($"{string.Join(", ", files)}: written; next: mimir recipe check {recipe}");
        });
        return command.WithExamples(
            "mimir init .",
            "mimir init recordings --output mine.yaml",
            "mimir init data/train data/dev exp/tri3_ali exp/tri3/graph --output mine.yaml");
    }

    // Recordings without Kaldi's lists get them beside the recipe.
    private static IReadOnlyList<string> Gather(List<string> names, string recipe)
    {
        if (File.Exists(recipe) || LooseRecordings.Find(names) is not { } loose)
            return [];

        var data = $"{recipe[..^Path.GetExtension(recipe).Length]}-data";
        loose.Write(data);
        names.Add(data);
        Console.WriteLine($"{data}: made for {loose.Count} recordings with their texts");
        return loose.Notes;
    }
}
