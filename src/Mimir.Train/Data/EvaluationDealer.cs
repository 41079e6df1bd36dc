using Mimir.Core.Batches;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Deals utterances of similar length for evaluation, whole or in chunks; the same each time.</summary>
internal sealed class EvaluationDealer : IBatchDealer
{
    private readonly List<EvaluationBatch> _batches = [];

    /// <summary>Prepares utterances that lie one after another.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table; 0 for one without any.</param>
    /// <param name="options">The part of an utterance that is computed at a time.</param>
    /// <param name="batchFrames">The most frames of the utterances of a batch; a longer one goes alone.</param>
    public EvaluationDealer(ReadOnlySpan<int> utteranceLengths, EvaluateRecipe options, int batchFrames)
    {
        var firstRows = UtteranceOrder.FirstRows(utteranceLengths);
        var lengths = utteranceLengths.ToArray();
        TableFrames = firstRows[^1];
        int[] order = [.. UtteranceOrder.WithFrames(utteranceLengths).OrderByDescending(utterance => lengths[utterance])];
        foreach (var (begin, end) in UtteranceOrder.Groups(Array.ConvertAll(order, utterance => lengths[utterance]), batchFrames))
        {
            var group = order[begin..end];
            _batches.AddRange(EvaluationBatch.Of(
                options,
                Array.ConvertAll(group, utterance => firstRows[utterance]),
                Array.ConvertAll(group, utterance => lengths[utterance])));
        }
    }

    /// <inheritdoc/>
    public int TableFrames { get; }

    /// <inheritdoc/>
    public int Position { get; private set; }

    /// <inheritdoc/>
    public void Start(int epoch, int position = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _batches.Count);
        Position = position;
    }

    /// <inheritdoc/>
    public bool TryNext(out FrameBatch batch)
    {
        batch = default;
        if (Position == _batches.Count)
            return false;

        var next = _batches[Position++];
        batch = new(next.Rows, next.Sequences, next.Context);
        return true;
    }
}

/// <summary>Parts of some utterances that are computed together.</summary>
/// <param name="Rows">The table row of each packed row.</param>
/// <param name="Sequences">The packing of the rows.</param>
/// <param name="Context">Which rows only let others see them, and count nowhere; empty when all count.</param>
internal sealed record EvaluationBatch(int[] Rows, SequenceLayout Sequences, bool[] Context)
{
    /// <summary>Cuts utterances into batches in which every frame counts once.</summary>
    /// <param name="options">The part of an utterance that is computed at a time.</param>
    /// <param name="firsts">The first table row of each utterance, the longest first.</param>
    /// <param name="lengths">The frames of each, at least 1.</param>
    public static IEnumerable<EvaluationBatch> Of(EvaluateRecipe options, int[] firsts, int[] lengths)
    {
        var chunk = options.Chunk > 0 ? options.Chunk : int.MaxValue;
        for (long own = 0; own < lengths[0]; own += chunk)
            yield return At(options, firsts, lengths, (int)own, chunk);
    }

    private static EvaluationBatch At(EvaluateRecipe options, int[] firsts, int[] lengths, int own, int chunk)
    {
        // Utterances that are over are the shorter ones, at the end; what is left of the others does not rise either.
        var alive = lengths.Count(length => length > own);
        var carries = options is { Chunk: > 0, LeftContext: null };
        var begin = Math.Max(0, own - (options.LeftContext ?? 0));
        var taken = new int[alive];
        var from = new int[alive];
        for (var i = 0; i < alive; i++)
        {
            taken[i] = (int)Math.Min(lengths[i], (long)own + chunk + options.RightContext) - begin;
            from[i] = firsts[i] + begin;
        }

        var layout = carries
            ? new SequenceLayout(taken, [.. Enumerable.Range(0, alive)], [.. Enumerable.Repeat(own == 0, alive)])
            : new SequenceLayout(taken);
        int[] rows = [];
        var filled = SequenceRows.Fill(layout, from, ref rows);
        return new(filled.ToArray(), layout, options.Chunk > 0 && !carries ? ContextOf(layout, own - begin, chunk) : []);
    }

    private static bool[] ContextOf(SequenceLayout layout, int left, int chunk)
    {
        var context = new bool[layout.Rows];
        for (var step = 0; step < layout.Steps; step++)
        {
            if (step < left || step >= left + chunk)
                context.AsSpan(layout.Offsets[step]..layout.Offsets[step + 1]).Fill(true);
        }

        return context;
    }
}
