using System.Globalization;
using Mimir.Core.Blocks;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Decode.Search;
using Mimir.Train.Alignment;
using Mimir.Train.Data;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Start;

/// <summary>
/// Alignments from nothing by networks alone: equal alignments, monophone networks that are trained and aligned with in turns, a tree
/// grown from their alignments, and the same turns with its states. No mixture of Gaussians is trained (Senior et al., "GMM-free DNN
/// acoustic model training", ICASSP 2014).
/// </summary>
/// <remarks>
/// The first networks have no hidden layer and see single frames, for one pass over the data: they cannot learn the errors of the
/// equal alignments by heart, as larger ones do, which then find these errors again in each round.
/// </remarks>
/// <param name="job">The start.</param>
internal sealed class NetworkStart(StartJob job)
{
    private const int LinearRounds = 8;
    private const int BatchFrames = 256;

    // A few recordings are a few batches, and a pass over them teaches nothing.
    private const int LeastSteps = 500;

    // Early networks know little, and scaled down as in steps/nnet/align.sh the probabilities of the graph would decide alone: silence
    // between words, which costs something there, would disappear.
    private static readonly SetAlignmentOptions Beams = new() { Beam = 100, RetryBeam = 400, AcousticScale = 1 };

    private readonly RoundNetwork _linear = Linear(job);
    private readonly RoundNetwork _monophones = Hidden(job, width: 256, depth: 2);
    private readonly RoundNetwork _triphones = Hidden(job, width: 512, depth: 3);

    /// <summary>Makes the rounds that are missing.</summary>
    /// <returns>The last one.</returns>
    public StartRound Run()
    {
        var number = 0;
        var round = Round(number);
        if (!round.Exists)
            Begin(round);

        foreach (var step in Steps())
        {
            var next = Round(++number);
            if (!next.Exists)
                step(round, next, number);

            round = next;
        }

        return round;
    }

    private IEnumerable<Action<StartRound, StartRound, int>> Steps()
    {
        for (var round = 0; round < LinearRounds; round++)
            yield return (last, next, number) => Realign(last, next, number, _linear);
        for (var round = 0; round < job.Start.Rounds; round++)
            yield return (last, next, number) => Realign(last, next, number, _monophones);

        yield return (last, next, _) => Grow(last, next);
        for (var round = 0; round < job.Start.Rounds; round += 2)
            yield return (last, next, number) => Realign(last, next, number, _triphones);
    }

    private StartRound Round(int number) => new(job.Folder.At(Path.Combine("work", number.ToString("00", CultureInfo.InvariantCulture))));

    private void Begin(StartRound round)
    {
        var (tree, model) = StartTree.Monophone(job.Folder.Language);
        var sets = job.Sets.Select(set => (set.Name, FlatAlignment.Align(
            job, set, tree, model, set.Load(job.Features, job.Cancellation).Select(entry => (entry.Id, entry.Features.Rows))))).ToList();
        Directory.CreateDirectory(job.Folder.At("work"));
        round.Write(tree, model.Write, sets);
        job.Progress.Say("start: equal alignments");
    }

    private void Realign(StartRound last, StartRound next, int number, RoundNetwork kind)
    {
        var (tree, model) = (last.Tree(), last.Model());
        var recipe = RecipeOf(last, number, kind);
        var result = TrainingRun.Execute(
            new LoadedRecipe(recipe, job.Loaded.File, job.Loaded.Origins),
            new RunOptions { Decode = false, Logging = job.Logging, Loader = kind.Loader },
            job.Progress,
            job.Time,
            job.Cancellation);
        if (result.Status != Reports.RunStatus.Ok)
            throw new OperationCanceledException(job.Cancellation);

        using var network = new TrainedModel(result.Folder.Model).Load(Device.Parse(recipe.Train.Device));
        var sets = new List<(string, Dictionary<string, int[]>)>();
        foreach (var set in job.Sets)
        {
            var corpus = kind.Loader.Load(set.Name, set.Set, job.Cancellation);
            var scores = network.Score(corpus, job.Cancellation).Select(scored => (
                corpus.Utterances[scored.Utterance],
                (IAcousticScores)new MatrixScores(scored.LogLikelihoods.Data, scored.LogLikelihoods.Rows, scored.LogLikelihoods.Columns)));
            sets.Add((set.Name, StartAlignment.Align(job, set, tree, model, Beams, scores)));
        }

        var (name, alignments) = sets[0];
        var changed = StartRound.Changed(model, last.Alignments(name), alignments);
        next.Write(tree, StartTree.Reestimated(model, alignments).Write, sets);
        job.Progress.Say(string.Create(
            CultureInfo.InvariantCulture, $"start: round {number}: {100 * changed:0.0}% of the frames are of another state than before"));
    }

    private void Grow(StartRound last, StartRound next)
    {
        var (grown, converter) = StartTree.Grow(job, last, job.Sets[0].Load(_linear.Loader, job.Cancellation));
        var sets = job.Sets.Select(set => (set.Name, StartTree.Converted(last.Alignments(set.Name), converter)));
        next.Write(grown.Tree, grown.Model.Write, [.. sets]);
        job.Progress.Say($"start: a tree of {grown.Tree.PdfCount} leaves");
    }

    private Recipe RecipeOf(StartRound round, int number, RoundNetwork kind)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{number:00}-network");
        var recipe = job.Recipe;
        var frames = round.Alignments(job.Sets[0].Name).Values.Sum(alignment => (long)alignment.Length);
        var least = (int)Math.Ceiling((double)LeastSteps * BatchFrames / Math.Max(BatchFrames, frames));
        CorpusSet Aligned(StartSet set) => set.Set with
        {
            Alignments = round.Of(set.Name),
            TransitionModel = round.ModelFile,
        };
        return recipe with
        {
            Name = name,
            Output = job.Folder.At(Path.Combine("work", name)),
            Start = null,
            Augment = null,
            Decode = null,
            Distribute = new(),
            Evaluate = new(),
            Corpus = new() { Train = Aligned(job.Sets[0]), Cv = Aligned(job.Sets[1]) },
            Features = kind.Features,
            Model = kind.Model,
            Train = new()
            {
                Batch = new() { Frames = BatchFrames },
                Optimiser = new SgdOptions { Rate = kind.Rate },
                Schedule = new NewbobRecipe
                {
                    StartHalving = 0.02,
                    EndHalving = 0.01,
                    MaxEpochs = Math.Max(kind.Epochs, least),
                    KeepRateEpochs = least - 1,
                },
                Device = recipe.Train.Device,
                Threads = recipe.Train.Threads,
                MaxDropped = 1,
                LengthTolerance = recipe.Train.LengthTolerance,
            },
        };
    }

    private static RoundNetwork Linear(StartJob job)
    {
        var cepstra = job.Cepstra(deltas: true) with { Splice = new() { Left = 0, Right = 0 } };
        return new(cepstra, job.LoaderOf(cepstra), [new SoftmaxLayer()], 0.002, 1);
    }

    private static RoundNetwork Hidden(StartJob job, int width, int depth) => new(
        job.Recipe.Features,
        job.Features,
        [new AffineLayer { Transform = new() { OutputDim = width, Activation = Activation.Relu }, Repeat = depth }, new SoftmaxLayer()],
        0.0004,
        5);
}

/// <summary>The networks of some rounds.</summary>
/// <param name="Features">Their features.</param>
/// <param name="Loader">Loads them, and keeps them in memory.</param>
/// <param name="Model">The layers.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Epochs">The most epochs.</param>
internal sealed record RoundNetwork(
    FeaturesRecipe Features, SetLoader Loader, IReadOnlyList<LayerRecipe> Model, double Rate, int Epochs);
