using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>Deals utterances of similar length for evaluation, whole or in chunks; the same each time.</summary>
internal sealed class EvaluationDealer : IBatchDealer
{
    private readonly List<EvaluationBatch> _batches = [];

    /// <summary>Prepares utterances that lie one after another.</summary>
    /// <param name="utteranceLengths">The frames of each utterance, in the order of the frame table; 0 for one without any.</param>
    /// <param name="options">How much of an utterance is computed at a time.</param>
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
                options, Array.ConvertAll(group, utterance => firstRows[utterance]), Array.ConvertAll(group, utterance => lengths[utterance])));
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
