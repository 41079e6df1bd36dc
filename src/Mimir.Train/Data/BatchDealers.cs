using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Chooses the dealer of a set's batches.</summary>
public static class BatchDealers
{
    /// <summary>The most frames of utterances that are evaluated at once; memory grows with them.</summary>
    internal const int EvaluatedSequenceFrames = 4096;

    private const int EvaluatedFrames = 1024;

    /// <summary>The dealer of training batches that a recipe asks for, those of all workers.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="train">The training set.</param>
    public static IBatchDealer ForTraining(Recipe recipe, IFrameSet train) =>
        ForTraining(train.Lengths, recipe.Train.Batch, recipe.Seed, train.Targets is { } targets ? targets.Weights : []);

    /// <summary>The dealer of training batches that a recipe asks for.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table.</param>
    /// <param name="recipe">The unit and the size of a batch.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="weights">The weight of each frame; empty when all are 1. Single frames of weight 0 are left out; in a
    /// sequence they stay, and count nothing.</param>
    public static IBatchDealer ForTraining(
        ReadOnlySpan<int> utteranceLengths, BatchRecipe recipe, ulong seed, ReadOnlySpan<float> weights = default) => recipe.Unit switch
        {
            BatchUnit.Chunks => new ChunkDealer(utteranceLengths, recipe, seed),
            BatchUnit.Utterances => new UtteranceDealer(utteranceLengths, recipe, seed),
            _ => new FrameShuffler(utteranceLengths, recipe, seed, weights),
        };

    /// <summary>The dealer of cross-validation batches, those of all workers.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="validation">The cross-validation set.</param>
    /// <param name="needsSequences">True when the network is over sequences.</param>
    public static IBatchDealer ForValidation(Recipe recipe, FrameCorpus validation, bool needsSequences) => ForEvaluation(
        validation.Lengths,
        needsSequences || recipe.Train.Loss is SequenceLossRecipe ? recipe.Evaluate : null,
        validation.Targets is { } targets ? targets.Weights : []);

    /// <summary>The dealer of evaluation batches: utterances where a network is over sequences, else frames in order.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table.</param>
    /// <param name="sequences">The part of an utterance that is computed at a time, or null where the network needs no sequences.</param>
    /// <param name="weights">The weight of each frame; empty when all are 1.</param>
    public static IBatchDealer ForEvaluation(
        ReadOnlySpan<int> utteranceLengths, EvaluateRecipe? sequences, ReadOnlySpan<float> weights = default) => sequences is null
            ? new FrameShuffler(utteranceLengths, new() { Frames = EvaluatedFrames, ShuffleWindow = 0 }, seed: 0, weights)
            : new EvaluationDealer(utteranceLengths, sequences, EvaluatedSequenceFrames);
}
