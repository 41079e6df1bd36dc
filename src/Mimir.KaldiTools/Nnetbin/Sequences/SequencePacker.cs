using Mimir.Core.Losses;

namespace Mimir.KaldiTools.Nnetbin.Sequences;

/// <summary>Puts pieces of utterances side by side.</summary>
internal static class SequencePacker
{
    /// <summary>Makes a batch; pieces of the same length keep their order.</summary>
    /// <param name="pieces">At least one.</param>
    /// <param name="paddedSteps">The steps of Kaldi's batch, at least as many as the longest piece has frames.</param>
    /// <param name="carriesState">Whether the pieces go on with their streams.</param>
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
