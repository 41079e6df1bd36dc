using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Data;
using Mimir.Train.Data.Remote;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>Decodes and scores a recipe's sets without training: with the model of its run, or with a network of Kaldi's.</summary>
public static class DecodingRun
{
    /// <summary>Decodes the sets of a recipe.</summary>
    /// <param name="loaded">The recipe; its output folder is the run's.</param>
    /// <param name="options">The network to decode with.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Stops between two utterances.</param>
    /// <returns>The scores, set by set.</returns>
    /// <exception cref="InputException">The recipe has no decode section, or a file is damaged.</exception>
    public static IReadOnlyList<SetScore> Execute(
        LoadedRecipe loaded, DecodingRunOptions options, ITrainingProgress progress, TimeProvider time, CancellationToken cancellation)
    {
        var recipe = loaded.Recipe;
        var decode = recipe.Decode ?? throw new InputException($"{loaded.File}: expected a section 'decode', there is none.");
        RecipeCheck.Demand(loaded, decode: true, train: false);
        var folder = new RunFolder(recipe.OutputFolder);
        using var locked = folder.Lock();
        using var remote = RemoteCorpus.Open(
            recipe.Corpus, folder.Corpus, worker: 0, options.Logging.Shown<RemoteCorpus>(progress), time, cancellation);
        string[] sets = [.. recipe.Corpus.AllSets.Select(set => set.Key).Where(name => name != "train" || options.Nnet1.Count > 0)];
        var local = remote?.Localise(loaded, sets) ?? loaded;
        if (options.Nnet1.Count > 0)
            Import(local.Recipe, options, folder);

        options.Logging.File?.Open(folder.Root, rank: 0);
        using var recorder = new RunRecorder(
            folder.Root, loaded.ToYaml(), time, resumedAt: 0, options.Logging.Loggers.CreateLogger<RunRecorder>());
        var run = new RunContext(local, new(), folder, recorder, progress, time, cancellation) { Remote = remote };
        TranscriptCheck.Demand(loaded, run.Warn);
        run.SetThreads();
        var scores = new DecodingStage(run, run.CreateLoader()).Run(decode, new Dictionary<string, FrameCorpus>());
        run.RecordInput();
        return scores;
    }

    // The network of Kaldi's becomes the run's model, so that it is decoded just as one of our own.
    private static void Import(Recipe recipe, DecodingRunOptions options, RunFolder folder)
    {
        var train = recipe.Corpus.Train
            ?? throw new InputException("corpus.train: expected a set, whose final.mdl the graph was made with.");
        var counts = options.Counts
            ?? throw new InputException("A network of Kaldi's needs the counts of its classes (--counts ali_train_pdf.counts).");
        var model = new TrainedModel(folder.Model);
        if (Directory.Exists(model.Path) && !model.IsImported)
            throw new InputException($"{model.Path}: a trained network is here; name another folder for Kaldi's (--set name=...).");

        using var graph = Nnet1Import.Read(Device.Parse(recipe.Train.Device), [.. options.Nnet1]);
        model.Save(graph, [], PdfCounts.Read(counts), SetLoader.TransitionModelOf("train", train), cmvn: null);
    }
}

/// <summary>Options of decoding without training.</summary>
public sealed record DecodingRunOptions
{
    /// <summary>Gets Kaldi nnet1 files, in the order in which frames pass through them; empty takes the run's own model.</summary>
    public IReadOnlyList<string> Nnet1 { get; init; } = [];

    /// <summary>Gets the class counts for the priors of an nnet1 network, as analyze-counts writes them.</summary>
    public string? Counts { get; init; }

    /// <summary>Gets the destination of the run's log messages.</summary>
    public RunLogging Logging { get; init; } = RunLogging.None;
}
