using System.Globalization;
using Mimir.Base;
using Mimir.Config;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>Checks the machine for a recipe: device, the run's folder, room on its disk, layers that fit.</summary>
/// <param name="loaded">The recipe.</param>
/// <param name="machine">The machine.</param>
internal sealed class MachineCheck(LoadedRecipe loaded, IMachine machine)
{
    // Logs, curves, hypotheses, report.
    private const long OtherFiles = 4 << 20;

    /// <summary>Lists the problems.</summary>
    /// <param name="isCoordinator">False for a worker that does not write the run, which only needs its device.</param>
    public IEnumerable<Finding> Run(bool isCoordinator)
    {
        var recipe = loaded.Recipe;
        if (DeviceProblem(recipe.Train.Device) is { } device)
            yield return At("train.device", device);

        if (!isCoordinator)
            yield break;

        var folder = new RunFolder(recipe.OutputFolder);
        if (machine.ProblemOf(folder) is { } problem)
        {
            yield return At("output", $"'{folder.Root}': {problem}");
            yield break;
        }

        var (parameters, misfit) = CountParameters(recipe);
        if (misfit is not null)
            yield return At("model", misfit);
        if (RoomProblem(folder, BytesOf(recipe, parameters)) is { } room)
            yield return At("output", room);
    }

    private string? DeviceProblem(string device)
    {
        if (!device.StartsWith("cuda", StringComparison.Ordinal))
            return null;

        var index = device.Length > 5 ? int.Parse(device.AsSpan(5), CultureInfo.InvariantCulture) : 0;
        var count = machine.CudaDevices;
        return index < count ? null : $"libtorch sees {count} CUDA devices here, and '{device}' was asked for; use auto or cpu";
    }

    private string? RoomProblem(RunFolder folder, long needed)
    {
        try
        {
            var room = machine.RoomFor(folder);
            return room >= needed ? null : string.Create(
                CultureInfo.InvariantCulture,
                $"the disk of '{folder.Root}' has room for {room / 1e6:0.#} MB, and checkpoints and model need {needed / 1e6:0.#} MB; free "
                + $"some, or name a folder on another disk");
        }
        catch (IOException)
        {
            // A file system that does not say.
            return null;
        }
    }

    // Parameters, the best ones and the optimiser's in each checkpoint, one more while the next is written; the model twice.
    private static long BytesOf(Recipe recipe, long parameters)
    {
        var averaged = recipe.Train.Average switch
        {
            null => 0,
            KeptModelsRecipe kept => kept.Every > 0 ? kept.Models : Math.Min(kept.Models, recipe.Train.Schedule.MaxEpochs),
            _ => 1,
        };
        var vectors = 2 + averaged + (recipe.Train.Optimiser is AdamOptions ? 2 : 1);
        return OtherFiles + (sizeof(float) * parameters * ((vectors * (recipe.Train.Checkpoint.Keep + 1L)) + 2));
    }

    private (long Count, string? Misfit) CountParameters(Recipe recipe)
    {
        if (Dim(recipe) is not { } dim || Classes(recipe) is not { } classes)
            return (0, null);

        try
        {
            return (LayerGraph.CountParameters(ModelBuilder.Build(recipe, dim, classes, moments: null)), null);
        }
        catch (InputException error)
        {
            return (0, error.Message.StartsWith("model: ", StringComparison.Ordinal) ? error.Message["model: ".Length..] : error.Message);
        }
    }

    private int? Dim(Recipe recipe) => Try(() =>
    {
        var plain = recipe.Features.Type != FeatureType.Given
            ? FeatureSource.ExtractorOf(recipe.Features).Dimension
            : recipe.Corpus is { Source: null, Train.Features: { } table } ? machine.FeatureDimOf(table) : 0;
        return plain == 0 ? null : plain * (1 + (recipe.Features.Deltas?.Order ?? 0));
    });

    private int? Classes(Recipe recipe) => Try(() =>
    {
        if (recipe.Corpus is not { Source: null, Train: { } train })
            return null;
        if (train.TransitionModel is { } named)
            return machine.ClassesOf(named);
        if (train.Alignments is not { } source)
            return RecipeBuilder.Classes(recipe);

        var folder = machine.HasFolder(source) ? source : Path.GetDirectoryName(source) ?? ".";
        return machine.ClassesOf(Path.Combine(folder, "final.mdl"));
    });

    // What cannot be read is reported elsewhere, with its key.
    private static int? Try(Func<int?> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            return null;
        }
    }

    private Finding At(string key, string message) => loaded.At(key, $"'{key}': {message}");
}
