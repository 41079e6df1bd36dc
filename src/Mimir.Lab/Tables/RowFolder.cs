using System.Security.Cryptography;
using System.Text;
using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Recipes;
using Mimir.Train.Recipes.Tables;
using Mimir.Train.Runs;

namespace Mimir.Lab.Tables;

/// <summary>The folder of a row: a run, and beside it what the run was made from, so that it is not made again.</summary>
/// <param name="Root">The folder.</param>
internal sealed record RowFolder(string Root)
{
    private string File => Path.Combine(Root, "row.sha256");

    /// <summary>Whether the row is finished and was made from the same.</summary>
    public bool IsFinished(string fingerprint) =>
        System.IO.File.Exists(new RunFolder(Root).Summary) && System.IO.File.Exists(File) && System.IO.File.ReadAllText(File).Trim() == fingerprint;

    /// <summary>Forgets that the row was finished.</summary>
    public void Begin() => System.IO.File.Delete(File);

    /// <summary>Notes that the row is finished.</summary>
    public void Finish(string fingerprint) => AtomicFile.WriteText(File, fingerprint + "\n");

    /// <summary>A hash of all that a row is made from: the program, the recipe with its changes, the cluster, the rate of a device.</summary>
    /// <exception cref="FileNotFoundException">There is no such cluster file.</exception>
    public static string Fingerprint(TableRow row, LoadedRecipe recipe, string program)
    {
        if (!System.IO.File.Exists(row.ClusterFile))
            throw new FileNotFoundException($"there is no cluster file '{row.ClusterFile}'", row.ClusterFile);

        var plain = recipe.Recipe with { Name = "row", Output = null };
        var text = FormattableString.Invariant($"{program}\n{row.Workers} {row.FramesPerSecond}\n")
            + YamlText.Flow(RecipeTable.Root.Write(plain, "", new Dictionary<string, ValueOrigin>())) + "\n"
            + System.IO.File.ReadAllText(row.ClusterFile);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
