using System.Globalization;
using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Export;

/// <summary>Opens a model for export: a model folder, the folder of a run, a folder of Kaldi's, nnet1 files or an ONNX model.</summary>
public static class ModelSource
{
    /// <summary>Kaldi's name of a network.</summary>
    public const string Network = "final.nnet";

    /// <summary>Kaldi's name of the feature transform before the network.</summary>
    public const string FeatureTransform = "final.feature_transform";

    /// <summary>Kaldi's name of the class counts.</summary>
    public const string Counts = "ali_train_pdf.counts";

    /// <summary>Kaldi's name of the transition model.</summary>
    public const string Transitions = "final.mdl";

    /// <summary>Opens a model.</summary>
    /// <param name="paths">One folder; one ONNX model; or nnet1 files in the order of the data: a feature transform, then the
    /// network.</param>
    /// <exception cref="FileNotFoundException">A file is missing, or a folder holds no model.</exception>
    /// <exception cref="InputException">A file is damaged, or networks do not follow each other.</exception>
    public static ExportableModel Open(params IReadOnlyList<string> paths)
    {
        if (paths is not [var path] || !Directory.Exists(path))
            return paths is [var file] && OnnxFile.IsOne(file) ? OnnxReading.Read(file) : OfNnet1(paths);
        if (File.Exists(Path.Combine(path, CheckedFolder.Manifest)))
            return OfFolder(path);
        if (File.Exists(Path.Combine(new RunFolder(path).Model, CheckedFolder.Manifest)))
            return OfFolder(new RunFolder(path).Model);
        if (File.Exists(Path.Combine(path, Network)))
            return OfKaldi(path);

        throw new FileNotFoundException(
            $"{path}: expected a model folder ({CheckedFolder.Manifest}), the folder of a run (model/) or one of Kaldi's ({Network}).",
            path);
    }

    private static ExportableModel OfFolder(string path)
    {
        var model = new TrainedModel(path);
        RefuseModules(path);
        using var graph = ModelFolder.Load(path, Device.Cpu);
        var recipe = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".", Path.GetFileName(new RunFolder(".").RecipeFile));
        return new(new ExportedGraph(graph.Spec, ModelFolder.Weights(graph), path))
        {
            Counts = model.HasCounts ? model.Counts() : null,
            Transitions = model.HasTransitions ? model.Transitions() : null,
            Cmvn = model.Cmvn(),
            Features = File.Exists(recipe) ? FeatureDescription.Of(RecipeReader.Read(recipe).Recipe.Features) : null,
        };
    }

    // Before the graph is built, which needs the assembly.
    private static void RefuseModules(string path)
    {
        var file = Path.Combine(path, ModelFolder.GraphFile);
        if (!File.Exists(file))
            return;

        foreach (var node in GraphSpec.FromJson(File.ReadAllText(file), file).Nodes)
        {
            if (node.Block is ModuleSpec module)
            {
                throw new InputException(
                    $"{path}: node '{node.Name}' is a module of your own ({module.ClassName}): it is code, which neither nnet1 nor ONNX "
                    + "can express; only 'mimir' computes this model.");
            }
        }
    }

    private static ExportableModel OfKaldi(string folder)
    {
        string? Existing(string name) => Path.Combine(folder, name) is var file && File.Exists(file) ? file : null;
        string[] files = [.. new[] { Existing(FeatureTransform), Existing(Network) }.OfType<string>()];
        return OfNnet1(files) with
        {
            Counts = Existing(Counts) is { } counts ? PdfCounts.Read(counts) : null,
            Transitions = Existing(Transitions) is { } transitions ? TransitionModel.Read(transitions) : null,
        };
    }

    private static ExportableModel OfNnet1(IReadOnlyList<string> files)
    {
        var origin = string.Join(" ", files);
        var components = files.SelectMany(file => Nnet1File.Read(file).Components).ToList();
        try
        {
            return new(new Nnet1File(components).Components, origin);
        }
        catch (InputException error)
        {
            throw new InputException($"{origin}: {error.Message} Name a feature transform before its network.", error);
        }
    }
}

/// <summary>The description of the features of a model, for its use elsewhere.</summary>
/// <param name="Type">The kind of features and their options as Kaldi's programs take them.</param>
/// <param name="FrameShift">The milliseconds from one frame to the next.</param>
/// <param name="Cmvn">The options of apply-cmvn, or null without normalisation.</param>
/// <param name="CmvnScope">The scope of the statistics: speaker, utterance or global.</param>
/// <param name="Deltas">The options of add-deltas, or null without derivatives.</param>
public sealed record FeatureDescription(string Type, double FrameShift, string? Cmvn, string CmvnScope, string? Deltas)
{
    private const double KaldiFrameShift = 10;

    /// <summary>Describes the features of a recipe.</summary>
    public static FeatureDescription Of(FeaturesRecipe recipe)
    {
        var options = recipe.Options.OrderBy(option => option.Key, StringComparer.Ordinal)
            .Select(option => $"--{option.Key}={option.Value}");
        var shift = recipe.Options.TryGetValue("frame-shift", out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var given) ? given : KaldiFrameShift;
        var cmvn = recipe.Cmvn.Per == Recipes.CmvnScope.None
            ? null
            : $"--norm-means={Word(recipe.Cmvn.NormMeans)} --norm-vars={Word(recipe.Cmvn.NormVars)}";
        var deltas = recipe.Deltas is { } d
            ? string.Create(CultureInfo.InvariantCulture, $"--delta-order={d.Order} --delta-window={d.Window}")
            : null;
        return new(
            string.Join(' ', [recipe.Type.ToString().ToLowerInvariant(), .. options]), shift, cmvn,
            recipe.Cmvn.Per.ToString().ToLowerInvariant(), deltas);
    }

    private static string Word(bool value) => value ? "true" : "false";
}
