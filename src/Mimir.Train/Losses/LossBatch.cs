using Mimir.Core.Batches;
using Mimir.Train.Data;

namespace Mimir.Train.Losses;

/// <summary>A batch as a loss sees it.</summary>
/// <param name="table">The frames that the batch's rows are of, on the device.</param>
/// <param name="frames">The rows, and their sequences.</param>
/// <param name="targets">The targets of the rows.</param>
internal readonly ref struct LossBatch(FrameTable table, FrameBatch frames, TargetBatch targets)
{
    /// <summary>Gets the frames that the batch's rows are of, on the device; another network can be run on them.</summary>
    public FrameTable Table { get; } = table;

    /// <summary>Gets the rows and their sequences.</summary>
    public FrameBatch Frames { get; } = frames;

    /// <summary>Gets the targets and weights of the rows.</summary>
    public TargetBatch Targets { get; } = targets;

    /// <summary>The utterance of each sequence of the batch.</summary>
    /// <param name="corpus">The set that the batch is of.</param>
    /// <exception cref="InvalidOperationException">The batch is of single frames.</exception>
    public UtterancePart[] Utterances(IFrameSet corpus)
    {
        var layout = Frames.Sequences ?? throw new InvalidOperationException("A batch of single frames has no utterances.");
        var parts = new UtterancePart[layout.Sequences];
        for (var s = 0; s < parts.Length; s++)
        {
            // Step 0 has a row for each sequence, in their order.
            var first = Targets.SetFrames[s];
            var utterance = corpus.UtteranceOf(first);
            parts[s] = new(utterance, first - corpus.FirstFrame(utterance), layout.Lengths[s]);
        }

        return parts;
    }
}

/// <summary>The part of an utterance that a sequence of a batch is.</summary>
/// <param name="Utterance">Its place in <see cref="IFrameSet.Utterances"/>.</param>
/// <param name="First">The frame of the utterance that is the sequence's first one.</param>
/// <param name="Frames">The frames of the sequence; where speed is augmented they are others than those of the utterance.</param>
internal readonly record struct UtterancePart(int Utterance, int First, int Frames);
