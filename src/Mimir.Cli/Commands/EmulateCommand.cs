using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Lab.Emulation;
using Mimir.Train.Recipes;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir emulate</c>: trains a recipe as on a cluster; accuracy is computed, time is modelled.</summary>
internal static class EmulateCommand
{
    /// <summary>The command's name.</summary>
    internal const string Name = "emulate";

    internal static Command Create(Diagnostics diagnostics)
    {
        var (file, set) = RecipeArguments.Create();
        var cluster = new Option<string>("--cluster") { Description = "The cluster's file; see recipes/clusters.", Required = true };
        var workers = new Option<int?>("--workers")
        {
            Description = "The workers, on its first devices; more than there are add machines of the same kind. "
                + "The default is one on each device.",
        }.Within(1, 1024);
        var rate = new Option<double?>("--rate") { Description = "Training frames a second of one device, in place of the file's." };
        var restart = new Option<bool>("--restart") { Description = "Throw away what an earlier run left in the folder." };
        var remake = RecipeArguments.Remake();
        var noDecode = new Option<bool>("--no-decode") { Description = "Stop after training; decode nothing." };
        var command = new Command(
            Name,
            "Run a recipe for all workers of a cluster on this machine: the models and error rates are those that the cluster would give, "
                + "its time is computed.")
        {
            file, set, cluster, workers, rate, restart, remake, noDecode,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var recipe = RecipeReader.Read(parsed.GetRequiredValue(file), RecipeArguments.Options(parsed.GetValue(set)));
            var model = ClusterFile.Read(parsed.GetRequiredValue(cluster)).At(parsed.GetValue(rate));
            var count = parsed.GetValue(workers) ?? model.Devices;
            if (count > model.Devices)
                model = model.With(count);
            var result = ProgressDisplay.Run(diagnostics, progress =>
            {
                CorpusPreparation.Ensure(recipe.Recipe, parsed.GetValue(remake), progress, cancellation);
                return EmulatedRun.Execute(
                    recipe, model, count, !parsed.GetValue(noDecode), parsed.GetValue(restart), progress, TimeProvider.System,
                    diagnostics.Run, cancellation);
            });
            Console.WriteLine(TrainCommand.Summary(result.Run));
            if (result.Times is not { } times)
                return Task.FromResult(ExitCodes.Interrupted);

            foreach (var line in EmulationText.Lines(times))
                Console.WriteLine(line);
            return Task.FromResult(ExitCodes.Success);
        });
        return command.WithExamples(
            "mimir emulate recipes/mandarin-digits/dnn.yaml --cluster recipes/clusters/4x2.yaml --set distribute.update={bmuf: {}}",
            "mimir emulate my.yaml --cluster recipes/clusters/8x8.yaml --workers 16 --rate 27000 --no-decode");
    }
}
