using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Features.Extraction;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>Makes the parts of a training run from its recipe, one method a part.</summary>
public static class RecipeBuilder
{
    private const int MomentUtterances = 10_000;

    /// <summary>The engine: the graph, initialised, with both sets on its device.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="spec">The graph.</param>
    /// <param name="train">The training set.</param>
    /// <param name="frames">Its frames on the device.</param>
    /// <param name="validation">The cross-validation set.</param>
    /// <param name="rank">This worker, from 0.</param>
    /// <param name="streams">This worker's streams whose state is carried from batch to batch; 0 where none is.</param>
    /// <param name="scale">The change of momentum by the number of workers; null for one worker.</param>
    /// <param name="losses">The losses; null makes those of the recipe.</param>
    internal static GraphEngine Engine(
        Recipe recipe, GraphSpec spec, IFrameSet train, ITrainingFrames frames, FrameCorpus validation, int rank, int streams,
        StepScale? scale, LossPair? losses = null)
    {
        var device = Device.Parse(recipe.Train.Device);

        // Each worker drops other outputs; the initial network is of one seed.
        var optimiser = Optimiser(recipe, scale);
        var graph = new LayerGraph(spec, device, preconditioner: optimiser as IGradientPreconditioner)
        {
            Seed = recipe.Seed + (ulong)rank,
        };
        graph.Initialise(recipe.Seed);
        LayerAdjustment.Apply(recipe.Train.Layers, graph.Parameters);
        graph.SetSelfRepair(recipe.Train.SelfRepair);
        if (scale is not null)
            DemandSolo(recipe.Train);

        return new(
            graph, frames, Table(device, validation), optimiser, losses ?? LossPair.Of(recipe, train, validation), streams)
        {
            Options = new() { Accumulate = recipe.Train.Batch.Accumulate, Dropout = Dropout(recipe.Train.Dropout, graph) },
        };
    }

    /// <summary>The graph, whose first layers normalise by the training set.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="train">The training set.</param>
    /// <param name="classes">The classes of the targets.</param>
    public static GraphSpec Graph(Recipe recipe, IFrameSet train, int classes) =>
        ModelBuilder.Build(recipe, train.Dim, classes, Moments(recipe.Features, recipe.Train.TargetDelay, train));

    /// <summary>The number of classes that a recipe's softmax names.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <exception cref="InputException">It names none.</exception>
    public static int Classes(Recipe recipe) => recipe.Model is [.., SoftmaxLayer { Dim: { } classes }]
        ? classes
        : throw new InputException(
            "model: expected the dim of the softmax, as no transition model says how many classes the targets have.");

    private static void DemandSolo(TrainRecipe train)
    {
        var key = train switch
        {
            { Batch.Accumulate: > 1 } => "train.batch.accumulate",
            { SelfRepair: > 0 } => "train.self-repair",
            { Optimiser: NaturalGradientOptions { BackstitchScale: > 0 } } => "train.optimiser.natural-gradient.backstitch-scale",
            _ => null,
        };
        if (key is not null)
            throw new InputException($"{key}: this is for one worker; leave it out, or train with one");
    }

    private static DropoutSchedule? Dropout(string? text, LayerGraph graph)
    {
        if (text is null)
            return null;

        var schedule = DropoutSchedule.Parse(text);
        return graph.SetDropout(node => schedule.RateOf(node, 0)) > 0
            ? schedule
            : throw new InputException("train.dropout: no layer has dropout that it is for; give layers 'dropout', such as 0.1");
    }

    private static IOptimiser Optimiser(Recipe recipe, StepScale? scale) => (recipe.Train.Optimiser, scale) switch
    {
        (SgdOptions sgd, not null) => new Sgd(sgd with { Momentum = scale.MomentumOf(sgd.Momentum) }),
        (NaturalGradientOptions natural, not null) => new NaturalGradient(
            natural with { Momentum = scale.MomentumOf(natural.Momentum) },
            beginsWithBatch: !recipe.Distribute.Update.SumsGradients),
        var (options, _) => options.Create(),
    };

    /// <summary>Lays a set on the device of training.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="train">The training set.</param>
    public static ITrainingFrames Frames(Recipe recipe, FrameCorpus train) =>
        new ResidentFrames(Table(Device.Parse(recipe.Train.Device), train));

    private static FrameTable Table(Device device, FrameCorpus corpus) =>
        new(device, corpus.Features, corpus.Dim, corpus.Lengths);

    // As Kaldi's train.sh, which takes no more utterances either; here they are spread over the set.
    private static SplicedMoments? Moments(FeaturesRecipe recipe, int delay, IFrameSet train)
    {
        if (recipe.Normalise == Normalisation.None)
            return null;

        var moments = new SplicedMoments(recipe.Splice.Left, recipe.Splice.Right, train.Dim, delay);
        var all = train.Lengths.Length;
        var count = Math.Min(all, MomentUtterances);
        foreach (var features in OrderedParallel.Select(
            Enumerable.Range(0, count).Select(i => (int)((long)i * all / count)), place => train.FeaturesOf(place).ToArray()))
        {
            moments.Add(features);
        }

        return moments;
    }
}
