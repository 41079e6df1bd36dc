using Mimir.Core.Losses;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Consecutive frames of an utterance.</summary>
/// <param name="Features">The utterance's input of the network, <c>[T, D]</c>.</param>
/// <param name="Targets">The targets of its frames.</param>
/// <param name="Weights">The weights of its frames.</param>
/// <param name="First">The first frame of the piece.</param>
/// <param name="Count">The number of its frames, at least 1.</param>
internal readonly record struct SequencePiece(FloatMatrix Features, Posterior Targets, float[] Weights, int First, int Count)
{
    /// <summary>Gets the stream of the piece.</summary>
    public int Stream { get; init; }

    /// <summary>True when the utterance begins here.</summary>
    public bool Begins { get; init; }
}

/// <summary>The data of one update: sequences side by side, packed step by step with the longest first.</summary>
/// <param name="Features">The network's input, <c>[N, dim]</c>: for each step the frame of every sequence that has one.</param>
/// <param name="Dim">The values of a frame.</param>
/// <param name="Lengths">The frames of each sequence, never rising.</param>
/// <param name="Targets">The targets of the rows.</param>
/// <param name="Weights">The weights of the rows.</param>
internal sealed record SequenceBatch(float[] Features, int Dim, int[] Lengths, SoftTargets Targets, float[] Weights)
{
    /// <summary>Gets the stream of each sequence; empty where no state is carried over.</summary>
    public int[] Streams { get; init; } = [];

    /// <summary>Gets a flag for each stream that is true when an utterance begins.</summary>
    public bool[] Begins { get; init; } = [];

    /// <summary>Gets the number of utterances that begin.</summary>
    public int Started { get; init; }

    /// <summary>Gets the frames of Kaldi's batch with its padding, which scale the penalties.</summary>
    public int PaddedFrames { get; init; }

    /// <summary>True when this is the last batch.</summary>
    public bool IsLast { get; init; }

    /// <summary>Gets the number of frames.</summary>
    public int Frames => Weights.Length;
}

/// <summary>Packs pieces of utterances side by side.</summary>
internal static class SequencePacker
{
    /// <summary>Packs a batch; pieces of the same length keep their order.</summary>
    /// <param name="pieces">At least one.</param>
    /// <param name="paddedSteps">The steps of Kaldi's batch, at least as many as the longest piece has frames.</param>
    /// <param name="carriesState">True when layers carry their state along the streams.</param>
    public static SequenceBatch Pack(IReadOnlyList<SequencePiece> pieces, int paddedSteps, bool carriesState)
    {
        SequencePiece[] ordered = [.. pieces.OrderByDescending(piece => piece.Count)];
        var rows = ordered.Sum(piece => piece.Count);
        var dim = ordered[0].Features.Columns;
        var features = new float[rows * dim];
        var weights = new float[rows];
        var targets = new SoftTargetsBuilder();
        var row = 0;
        for (var step = 0; step < ordered[0].Count; step++)
        {
            foreach (var piece in ordered.TakeWhile(piece => piece.Count > step))
            {
                var frame = piece.First + step;
                piece.Features.Row(frame).CopyTo(features.AsSpan(row * dim));
                targets.AddFrame(piece.Targets.Indices(frame), piece.Targets.Weights(frame));
                weights[row++] = piece.Weights[frame];
            }
        }

        return new(features, dim, [.. ordered.Select(piece => piece.Count)], targets.Build(), weights)
        {
            Streams = carriesState ? [.. ordered.Select(piece => piece.Stream)] : [],
            Begins = carriesState ? [.. ordered.Select(piece => piece.Begins)] : [],
            Started = ordered.Count(piece => piece.Begins),
            PaddedFrames = paddedSteps * ordered.Length,
        };
    }

    /// <summary>Marks the last batch.</summary>
    public static IEnumerable<SequenceBatch> MarkLast(IEnumerable<SequenceBatch> batches)
    {
        SequenceBatch? pending = null;
        foreach (var batch in batches)
        {
            if (pending is not null)
                yield return pending;

            pending = batch;
        }

        if (pending is not null)
            yield return pending with { IsLast = true };
    }
}
