using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Evaluation;

/// <summary>Computes utterances by a network over sequences, several at once.</summary>
/// <param name="graph">The network.</param>
/// <param name="options">The part of an utterance that is computed at a time.</param>
/// <param name="batchFrames">The most frames of several utterances at once; a longer one goes alone.</param>
internal sealed class SequenceForward(LayerGraph graph, EvaluateRecipe options, int batchFrames = BatchDealers.EvaluatedSequenceFrames)
{
    private float[] _values = [];

    /// <summary>True to apply a softmax.</summary>
    public bool Posteriors { get; init; }

    /// <summary>Computes utterances that lie one after another, in their order.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="lengths">The frames of each utterance.</param>
    /// <returns>The output <c>[T, O]</c> of each.</returns>
    public IEnumerable<FloatMatrix> Run(FrameTable table, IReadOnlyList<int> lengths)
    {
        var firstRows = UtteranceOrder.FirstRows([.. lengths]);
        foreach (var (begin, end) in UtteranceOrder.Groups(lengths, batchFrames))
        {
            foreach (var output in Group(table, firstRows.AsSpan(begin..(end + 1))))
                yield return output;
        }
    }

    private FloatMatrix[] Group(FrameTable table, ReadOnlySpan<int> bounds)
    {
        var outputs = new FloatMatrix[bounds.Length - 1];
        var firsts = bounds[..^1].ToArray();
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = new FloatMatrix(bounds[i + 1] - bounds[i], graph.OutputDim);

        // A layout needs the longest first; an utterance without frames is not in it.
        int[] order = [.. Enumerable.Range(0, outputs.Length).Where(i => outputs[i].Rows > 0).OrderByDescending(i => outputs[i].Rows)];
        if (order.Length == 0)
            return outputs;

        var begins = Array.ConvertAll(order, i => firsts[i]);
        foreach (var batch in EvaluationBatch.Of(options, begins, Array.ConvertAll(order, i => outputs[i].Rows)))
        {
            Compute(table, batch);
            for (var row = 0; row < batch.Rows.Length; row++)
            {
                if (batch.Context.Length > 0 && batch.Context[row])
                    continue;

                var sequence = row - batch.Sequences.Offsets[StepOf(batch.Sequences, row)];
                var output = outputs[order[sequence]].Row(batch.Rows[row] - begins[sequence]);
                _values.AsSpan(row * graph.OutputDim, graph.OutputDim).CopyTo(output);
            }
        }

        return outputs;
    }

    private static int StepOf(SequenceLayout layout, int row)
    {
        var step = layout.Offsets.BinarySearch(row);
        return step >= 0 ? step : ~step - 1;
    }

    private void Compute(FrameTable table, EvaluationBatch batch)
    {
        var count = batch.Rows.Length * graph.OutputDim;
        if (_values.Length < count)
            _values = new float[count];

        var output = Posteriors
            ? graph.Posteriors(table, batch.Rows, sequences: batch.Sequences)
            : graph.Forward(table, batch.Rows, PassMode.Evaluate, batch.Sequences);
        output.CopyTo(_values.AsSpan(0, count));
    }
}
