using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;
using Mimir.Train.Packages;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Alignment;

/// <summary>The files of a model where they are not in its folder.</summary>
public sealed record AlignmentModelFiles
{
    /// <summary>Gets the tree; null to look in the folder and beside the alignments that the model was trained on.</summary>
    public string? Tree { get; init; }

    /// <summary>Gets the transition model of an nnet1 network; null for <c>final.mdl</c> in the folder.</summary>
    public string? TransitionModel { get; init; }

    /// <summary>Gets the class counts of an nnet1 network; null for <c>ali_train_pdf.counts</c> in the folder.</summary>
    public string? Counts { get; init; }

    /// <summary>Gets the device: auto, cpu, cuda; null for the run's own.</summary>
    public string? Device { get; init; }
}

/// <summary>A network with all that alignment needs: the folder of a run, or of an nnet1 network of Kaldi's.</summary>
public sealed class AlignmentModel : IDisposable
{
    private readonly Recipe _recipe;
    private readonly CmvnStatistics? _cmvn;

    private AlignmentModel(Recipe recipe, AcousticModel acoustic, TransitionModel transitions, ContextDependency tree, CmvnStatistics? cmvn)
    {
        (_recipe, _cmvn) = (recipe with { Train = recipe.Train with { MaxDropped = 1 } }, cmvn);
        (Acoustic, Transitions, Tree) = (acoustic, transitions, tree);
    }

    /// <summary>Gets the network with its priors.</summary>
    public AcousticModel Acoustic { get; }

    /// <summary>Gets the transition model.</summary>
    public TransitionModel Transitions { get; }

    /// <summary>Gets the tree.</summary>
    public ContextDependency Tree { get; }

    /// <summary>Gets the step from frame to frame in seconds.</summary>
    public double FrameShift => _recipe.Features.Type == FeatureType.Given
        ? 0.01
        : FeatureSource.OptionsOf(_recipe.Features).CreateExtractor().Options.Frame.FrameShift / 1000.0;

    /// <summary>Reads a model.</summary>
    /// <param name="folder">A run's folder, with <c>recipe.yaml</c> and <c>model/</c>; a package; or one of Kaldi's nnet1 recipe, with
    /// <c>final.nnet</c>, <c>final.feature_transform</c> and, where they belong to it, <c>cmvn_opts</c> and <c>delta_opts</c>.</param>
    /// <param name="files">The files that are elsewhere.</param>
    /// <exception cref="InputException">It is neither, a file is missing or damaged, or tree and model do not belong together.</exception>
    public static AlignmentModel Read(string folder, AlignmentModelFiles files)
    {
        if (File.Exists(Path.Combine(folder, ModelFiles.RecipeFile)))
            return OfPackage(ModelFiles.Find(folder, []), files);
        if (new RunFolder(folder) is var run && File.Exists(run.RecipeFile))
            return OfRun(run, files);

        var network = Existing(folder, "final.nnet", "final.nnet.gz") ?? throw new InputException(
            $"{folder}: expected the folder of a run (recipe.yaml and model/), a package (package.yaml) or an nnet1 network (final.nnet), "
            + "it is none of them.");
        return OfNnet1(folder, network, files);
    }

    /// <summary>Loads the features of a data directory as the model takes them.</summary>
    /// <param name="data">The directory.</param>
    /// <param name="root">The folder that relative paths in <c>wav.scp</c> start from; null for the run's own, or the current one.</param>
    /// <param name="progress">Follows the work.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">The data is wrong.</exception>
    public (FrameCorpus Corpus, CorpusSet Set) Load(
        string data, string? root, Reports.ITrainingProgress progress, CancellationToken cancellation)
    {
        // A set of the run's own keeps its paths; which of its utterances the run took plays no part.
        var known = _recipe.Corpus.AllSets.Select(set => set.Value).FirstOrDefault(set => SamePath(set.Dir, data));
        var given = _recipe.Features.Type == FeatureType.Given;
        var cmvn = Path.Combine(data, "cmvn.scp");
        var set = new CorpusSet
        {
            Dir = data,
            Root = root ?? known?.Root ?? _recipe.Corpus.Train?.Root ?? ".",
            Features = given ? known?.Features ?? $"scp:{Path.Combine(data, "feats.scp")}" : null,
            Cmvn = known?.Cmvn ?? (given && _recipe.Features.Cmvn.Per == CmvnScope.Speaker && File.Exists(cmvn) ? $"scp:{cmvn}" : null),
            Encoding = known?.Encoding,
        };
        var loader = new SetLoader(_recipe, progress);
        loader.Normalisation.Global = _cmvn;
        return (loader.Load(Path.GetFileName(Path.GetFullPath(data)), set, cancellation), set);
    }

    /// <inheritdoc/>
    public void Dispose() => Acoustic.Dispose();

    private static AlignmentModel OfRun(RunFolder run, AlignmentModelFiles files)
    {
        var recipe = RecipeReader.TryRead(run.RecipeFile, new() { Environment = _ => null }, out var problems).Recipe;
        if (problems.Count > 0)
            throw new InputException(string.Join('\n', problems));

        return Of(recipe, new TrainedModel(run.Model), [run.Model, run.Root, .. Beside(recipe)], files);
    }

    private static AlignmentModel OfPackage(ModelFiles package, AlignmentModelFiles files)
    {
        var (recipe, model, _, counts) = package;
        var run = new Recipe
        {
            Name = recipe.Name,
            Seed = recipe.Seed,
            Features = recipe.Features,
            Evaluate = recipe.Evaluate,
            Train = new() { Device = recipe.Device },
        };
        return Of(run, model, [model.Path], files with { Counts = files.Counts ?? counts });
    }

    private static AlignmentModel Of(Recipe recipe, TrainedModel model, IReadOnlyList<string> folders, AlignmentModelFiles files)
    {
        if (!model.HasTransitions)
        {
            throw new InputException(
                $"{model.Path}: the model has no transition model (final.mdl), which says what its outputs are; train with alignments.");
        }

        var transitions = model.Transitions();
        var tree = TreeOf(files.Tree, transitions, folders);
        var acoustic = model.Load(Device.Parse(files.Device ?? recipe.Train.Device), files.Counts, recipe.Evaluate);
        return new(recipe, acoustic, transitions, tree, model.Cmvn());
    }

    private static AlignmentModel OfNnet1(string folder, string network, AlignmentModelFiles files)
    {
        var transitions = TransitionModel.Read(files.TransitionModel ?? Path.Combine(folder, "final.mdl"));
        string[] beside = files.TransitionModel is { } named ? [folder, Path.GetDirectoryName(named) ?? "."] : [folder];
        var tree = TreeOf(files.Tree, transitions, beside);
        var priors = PdfCounts.Read(files.Counts ?? Path.Combine(folder, "ali_train_pdf.counts")).LogPriors();
        var transform = Existing(folder, "final.feature_transform", "final.feature_transform.gz");
        var graph = Nnet1Import.Read(Device.Parse(files.Device ?? "auto"), transform is null ? [network] : [transform, network]);
        try
        {
            var recipe = new Recipe { Name = "nnet1", Features = KaldiFeatures.Of(folder) };
            return new(recipe, new AcousticModel(graph, priors), transitions, tree, null);
        }
        catch (Exception)
        {
            graph.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> Beside(Recipe recipe)
    {
        var train = recipe.Corpus.Train;
        if (train?.Alignments is { } alignments)
            yield return Directory.Exists(alignments) ? alignments : Path.GetDirectoryName(alignments) ?? ".";
        if (train?.TransitionModel is { } model)
            yield return Path.GetDirectoryName(model) ?? ".";
    }

    private static ContextDependency TreeOf(string? named, TransitionModel model, IReadOnlyList<string> folders)
    {
        var file = named ?? folders.Select(folder => Path.Combine(folder, "tree")).FirstOrDefault(File.Exists);
        if (file is null)
        {
            return MonophoneTree.Of(model) ?? throw new InputException(
                $"there is no tree in {string.Join(", ", folders.Distinct())}, and the states of the model depend on context; name it "
                + "with --tree.");
        }

        var tree = ContextDependency.Read(file);
        return tree.PdfCount == model.PdfCount
            ? tree
            : throw new InputException($"{file}: the tree has {tree.PdfCount} distributions, the model {model.PdfCount}.");
    }

    private static string? Existing(string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (File.Exists(Path.Combine(folder, name)))
                return Path.Combine(folder, name);
        }

        return null;
    }

    private static bool SamePath(string a, string b) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(a))
        == Path.TrimEndingDirectorySeparator(Path.GetFullPath(b));
}
