using System.Text.RegularExpressions;
using Mimir.Base;
using Mimir.Config;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Train.Packages;

/// <summary>The files of a model that can transcribe: those of a run with its graph, or a package.</summary>
/// <param name="Recipe">Features and search.</param>
/// <param name="Model">The network, the class counts and the transition model.</param>
/// <param name="Graph">The folder of the decoding graph.</param>
/// <param name="Counts">The file of the class counts; null for those of the model.</param>
public sealed partial record ModelFiles(PackageRecipe Recipe, TrainedModel Model, string Graph, string? Counts)
{
    /// <summary>The file of a package that says how it is used.</summary>
    public const string RecipeFile = "package.yaml";

    /// <summary>The name of <see cref="AlignLexicon"/>; in a graph folder it is in <c>phones/</c>.</summary>
    internal const string AlignLexiconName = "align_lexicon.int";

    /// <summary>The name of <see cref="Silence"/>; in a graph folder it is in <c>phones/</c>.</summary>
    internal const string SilenceName = "silence.csl";

    private const int KnownFormat = 1;

    private static readonly ConfigFormat<PackageRecipe> Format = new("package", "name, features, decode");

    /// <summary>Finds the files.</summary>
    /// <param name="path">A run's folder (<c>exp/x</c>), or a package.</param>
    /// <param name="overrides">Changes of the run's recipe or of the package's, each <c>key.key=value</c>.</param>
    /// <exception cref="InputException">It is neither, the run has no model or graph, or its features are not made from audio.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static ModelFiles Find(string path, IReadOnlyList<string> overrides)
    {
        var package = Path.Combine(path, RecipeFile);
        var files = File.Exists(package) ? OfPackage(path, package, overrides) : OfRun(path, overrides);
        return files.Recipe.Features.Type != FeatureType.Given ? files : throw new InputException(
            $"{path}: the model was trained on features that existed already, so nothing says how to make them from audio; name their "
            + "kind and options: --set features.type=fbank --set features.num-mel-bins=40.");
    }

    /// <summary>The file of the pronunciations with the graph's phones (align_lexicon.int); null where there is none.</summary>
    public string? AlignLexicon => FindPhones(AlignLexiconName);

    /// <summary>The file of the phones of silence and noise (silence.csl); null where there is none.</summary>
    public string? Silence => FindPhones(SilenceName);

    /// <summary>The text of a package's recipe.</summary>
    public static string ToYaml(PackageRecipe recipe) =>
        "# A model of Mimir with all that it needs to transcribe: mimir transcribe AUDIO --model <this folder>\n"
        + Origins().Replace(Format.ToYaml(recipe, new Dictionary<string, ValueOrigin>()), "");

    private string? FindPhones(string name) =>
        new[] { Path.Combine(Graph, "phones", name), Path.Combine(Graph, name) }.FirstOrDefault(File.Exists);

    private static ModelFiles OfPackage(string path, string file, IReadOnlyList<string> overrides)
    {
        var recipe = Format.Read(file, new() { Overrides = overrides }).Demand();
        return recipe.Format <= KnownFormat ? new(recipe, new(path), path, Counts: null) : throw new InputException(
            $"{file}: form {recipe.Format} is of a later Mimir ({recipe.Mimir}), this one knows {KnownFormat}; update it.");
    }

    private static ModelFiles OfRun(string path, IReadOnlyList<string> overrides)
    {
        var run = new RunFolder(path);
        if (!Directory.Exists(path))
            throw new DirectoryNotFoundException($"{path}: there is no such folder; expected a run (exp/x) or a package.");
        if (!File.Exists(run.RecipeFile))
            throw new InputException($"{path}: expected a run with recipe.yaml and model/, or a package with {RecipeFile}; "
                + "there is neither.");
        if (!Directory.Exists(run.Model))
            throw new InputException($"{path}: the run has no model yet; let mimir train finish it first.");

        var recipe = RecipeReader.Read(run.RecipeFile, new() { Overrides = overrides, Environment = _ => null }).Recipe;
        var decode = recipe.Decode ?? throw new InputException(
            $"{run.RecipeFile}: there is no section 'decode' that names a graph; name one: --set decode.graph=FOLDER.");
        if (!Directory.Exists(decode.Graph))
        {
            throw new DirectoryNotFoundException(
                $"{decode.Graph}: there is no such folder, which decode.graph of {run.RecipeFile} names; go to the folder that the run was "
                + "made in, or name the graph: --set decode.graph=FOLDER.");
        }

        return new(
            PackageOf(recipe, decode, run), new(run.Model), decode.Graph,
            decode.Prior == DecodeRecipe.PriorFromAlignments ? null : decode.Prior);
    }

    private static PackageRecipe PackageOf(Recipe recipe, DecodeRecipe decode, RunFolder run)
    {
        // The latest decoding counts, after mimir decode run too.
        var tuned = File.Exists(run.LogFile)
            ? RunLog.Read(run.LogFile).OfType<SetScored>().LastOrDefault(score => score.LmWeight is > 0)
            : null;
        return new()
        {
            Name = recipe.Name,
            Mimir = typeof(ModelFiles).Assembly.GetName().Version?.ToString(3) ?? "",
            Seed = recipe.Seed,
            Device = recipe.Train.Device,
            Features = recipe.Features,
            Evaluate = recipe.Evaluate,
            Decode = new()
            {
                Beam = decode.Beam,
                MaxActive = decode.MaxActive,
                LatticeBeam = decode.LatticeBeam,
                AcousticScale = decode.AcousticScale,

                // What the run found on its tuning set; before a run has decoded, what its search takes.
                LmWeight = tuned?.LmWeight ?? 1 / decode.AcousticScale,
                WordInsertionPenalty = tuned?.WordInsertionPenalty ?? decode.Score.WordInsertionPenalties[0],
                LeaveOut = decode.Score.Ignore,
            },
        };
    }

    // Where values come from is of interest in recipes only.
    [GeneratedRegex(" *# default *$", RegexOptions.Multiline)]
    private static partial Regex Origins();
}
