using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Data.Remote;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>The dry run of a recipe: all that can be known to be wrong before the first feature is computed.</summary>
/// <remarks><c>mimir recipe check</c> and <c>mimir train</c> share it.</remarks>
public static class RecipeCheck
{
    private static readonly string[] Targeted = ["train", "cv"];

    /// <summary>Reads a recipe and lists every problem.</summary>
    /// <param name="file">The recipe file.</param>
    /// <param name="options">Overrides and the environment; null for none and the process's own.</param>
    /// <returns>The findings, none when the recipe can run.</returns>
    /// <exception cref="FileNotFoundException">The file, or one that it extends, does not exist.</exception>
    /// <exception cref="InputException">The file is not YAML at all.</exception>
    public static IReadOnlyList<Finding> Run(string file, RecipeReaderOptions? options = null)
    {
        var loaded = RecipeReader.TryRead(file, options, out var problems);
        return problems.Count > 0
            ? [.. problems, .. FileCheck.Run(loaded, Machine.Here).Where(finding => IsRead(loaded, finding, problems))]
            : [.. All(loaded, Machine.Here), .. RemoteCheck.Files(loaded)];
    }

    /// <summary>Refuses a recipe that cannot begin here: missing files and devices, a folder that is not a run's, a full disk.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="decode">True to demand the files of decoding too.</param>
    /// <param name="train">False when the run's model is there already, and is only decoded with.</param>
    /// <param name="isCoordinator">False for a worker that does not write the run.</param>
    /// <exception cref="InputException">Something is missing; the message has a line for each.</exception>
    public static void Demand(LoadedRecipe loaded, bool decode, bool train = true, bool isCoordinator = true)
    {
        var findings = FileCheck.Run(loaded, Machine.Here)
            .Where(finding => decode || !finding.Path.StartsWith("decode.", StringComparison.Ordinal));
        Refuse([.. findings, .. train ? new MachineCheck(loaded, Machine.Here).Run(isCoordinator) : []]);
    }

    /// <summary>Refuses a recipe whose sets on this machine cannot be used.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="decode">True for all sets, false for those to train and validate on.</param>
    /// <param name="warn">Takes a line for each set that will have no error rate.</param>
    /// <exception cref="InputException">A set cannot be used; the message has a line for each problem.</exception>
    internal static void DemandSets(LoadedRecipe loaded, bool decode, Action<string> warn)
    {
        Refuse(Sets(loaded, decode, Machine.Here));
        if (!decode)
            return;

        foreach (var warning in TranscriptCheck.Run(loaded).Warnings)
            warn(warning.ToString());
    }

    /// <summary>Lists all problems of a recipe that is right in itself.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="machine">The machine.</param>
    internal static IReadOnlyList<Finding> All(LoadedRecipe loaded, IMachine machine) =>
    [
        .. FileCheck.Run(loaded, machine),
        .. new MachineCheck(loaded, machine).Run(isCoordinator: true),
        .. Sets(loaded, decode: loaded.Recipe.Decode is not null, machine),
    ];

    private static IReadOnlyList<Finding> Sets(LoadedRecipe loaded, bool decode, IMachine machine)
    {
        if (loaded.Recipe.Corpus.Source is not null)
            return [];

        var found = new SetCheck(loaded, machine).Run(decode ? [.. loaded.Recipe.Corpus.AllSets.Select(set => set.Key)] : Targeted);
        return decode ? [.. found.Concat(TranscriptCheck.Run(loaded).Problems).DistinctBy(finding => finding.ToString())] : found;
    }

    // A value that could not be read is not the user's, but a default.
    private static bool IsRead(LoadedRecipe loaded, Finding finding, IReadOnlyList<Finding> problems) =>
        loaded.Origins.ContainsKey(finding.Path)
        && !problems.Any(problem => (finding.Path + ".").StartsWith(problem.Path + ".", StringComparison.Ordinal));

    private static void Refuse(IReadOnlyList<Finding> findings)
    {
        if (findings.Count > 0)
            throw new InputException(string.Join('\n', findings));
    }
}
