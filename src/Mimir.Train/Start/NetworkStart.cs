using System.Globalization;
using Mimir.Core.Blocks;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Decode.Search;
using Mimir.Train.Alignment;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;
using Mimir.Train.Runs;

namespace Mimir.Train.Start;

/// <summary>
/// Alignments from nothing by networks alone: equal alignments between pauses, a monophone network that is trained and aligned with
/// in turns, a tree grown from its alignments, and the same turns with its states. No mixture of Gaussians is trained (Senior et al.,
/// "GMM-free DNN acoustic model training", ICASSP 2014).
/// </summary>
/// <param name="job">The start.</param>
internal sealed class NetworkStart(StartJob job)
{
    // Early networks know little, and scaled down as in steps/nnet/align.sh the probabilities of the graph would decide alone: silence
    // between words, which costs something there, would disappear.
    private static readonly SetAlignmentOptions Beams = new() { Beam = 100, RetryBeam = 400, AcousticScale = 1 };

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
        void Monophones(StartRound last, StartRound next, int number) => Realign(last, next, number, width: 256, depth: 2);
        void Triphones(StartRound last, StartRound next, int number) => Realign(last, next, number, width: 512, depth: 3);
        for (var round = 0; round < job.Start.Rounds; round++)
            yield return Monophones;

        yield return (last, next, _) => Grow(last, next);
        for (var round = 0; round < job.Start.Rounds; round += 2)
            yield return Triphones;
    }

    private StartRound Round(int number) => new(job.Folder.At(Path.Combine("work", number.ToString("00", CultureInfo.InvariantCulture))));

    private void Begin(StartRound round)
    {
        var (tree, model) = StartTree.Monophone(job.Folder.Language);
        var flat = new FlatAlignment(job, tree, model);
        var loader = job.Loader();
        var sets = job.Sets.Select(set => (set.Name, flat.Align(
            set, set.Load(loader, job.Cancellation).ToDictionary(entry => entry.Id, entry => entry.Features.Rows)))).ToList();
        Directory.CreateDirectory(job.Folder.At("work"));
        round.Write(tree, model.Write, sets);
        job.Progress.Say("start: equal alignments between pauses");
    }

    private void Realign(StartRound last, StartRound next, int number, int width, int depth)
    {
        var (tree, model) = (last.Tree(), last.Model());
        var recipe = RecipeOf(last, number, width, depth);
        var result = TrainingRun.Execute(
            new LoadedRecipe(recipe, job.Loaded.File, job.Loaded.Origins),
            new RunOptions { Decode = false, Logging = job.Logging },
            job.Progress,
            job.Time,
            job.Cancellation);
        if (result.Status != Reports.RunStatus.Ok)
            throw new OperationCanceledException(job.Cancellation);

        var loader = job.Loader();
        using var network = new TrainedModel(result.Folder.Model).Load(Device.Parse(recipe.Train.Device));
        var sets = new List<(string, Dictionary<string, int[]>)>();
        foreach (var set in job.Sets)
        {
            var corpus = loader.Load(set.Name, set.Set, job.Cancellation);
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
        var (grown, converter) = StartTree.Grow(job, last, job.Sets[0].Load(job.Loader(job.Cepstra(deltas: true)), job.Cancellation));
        var sets = job.Sets.Select(set => (set.Name, StartTree.Converted(last.Alignments(set.Name), converter)));
        next.Write(grown.Tree, grown.Model.Write, [.. sets]);
        job.Progress.Say($"start: a tree of {grown.Tree.PdfCount} leaves");
    }

    private Recipe RecipeOf(StartRound round, int number, int width, int depth)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{number:00}-network");
        var recipe = job.Recipe;
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
            Model =
            [
                new AffineLayer { Transform = new() { OutputDim = width, Activation = Activation.Relu }, Repeat = depth },
                new SoftmaxLayer(),
            ],
            Train = new()
            {
                Batch = new() { Frames = 256 },
                Optimiser = new SgdOptions { Rate = 0.0004 },
                Schedule = new NewbobRecipe { StartHalving = 0.02, EndHalving = 0.01, MaxEpochs = 5 },
                Device = recipe.Train.Device,
                Threads = recipe.Train.Threads,
                MaxDropped = 1,
                LengthTolerance = recipe.Train.LengthTolerance,
            },
        };
    }
}
