using Mimir.Core.Graph;
using Mimir.Features.Matrices;

namespace Mimir.Train.Evaluation;

/// <summary>Puts whole utterances through a network that looks along time, several at once.</summary>
/// <param name="graph">The network.</param>
/// <param name="batchFrames">The most frames of several utterances at once; a longer one goes alone.</param>
internal sealed class SequenceForward(LayerGraph graph, int batchFrames = 4096)
{
    private int[] _rows = [];
    private float[] _values = [];

    /// <summary>Gets or sets whether a softmax is applied.</summary>
    public bool Posteriors { get; init; }

    /// <summary>Computes utterances that lie one after another, in their order.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="lengths">The frames of each utterance.</param>
    /// <returns>The output <c>[T, O]</c> of each.</returns>
    public IEnumerable<FloatMatrix> Run(FrameTable table, IReadOnlyList<int> lengths)
    {
        var (begin, firstRow) = (0, 0);
        while (begin < lengths.Count)
        {
            var (end, frames) = (begin + 1, lengths[begin]);
            while (end < lengths.Count && frames + lengths[end] <= batchFrames)
                frames += lengths[end++];

            foreach (var output in Batch(table, lengths, begin, end, firstRow))
                yield return output;

            (begin, firstRow) = (end, firstRow + frames);
        }
    }

    private FloatMatrix[] Batch(FrameTable table, IReadOnlyList<int> lengths, int begin, int end, int firstRow)
    {
        var outputs = new FloatMatrix[end - begin];
        var firsts = new int[outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new FloatMatrix(lengths[begin + i], graph.OutputDim);
            firsts[i] = i == 0 ? firstRow : firsts[i - 1] + lengths[begin + i - 1];
        }

        // A layout wants the longest first; an utterance without frames is nowhere.
        int[] order = [.. Enumerable.Range(0, outputs.Length).Where(i => outputs[i].Rows > 0).OrderByDescending(i => outputs[i].Rows)];
        if (order.Length == 0)
            return outputs;

        var layout = new SequenceLayout(Array.ConvertAll(order, i => outputs[i].Rows));
        Compute(table, Data.SequenceRows.Fill(layout, Array.ConvertAll(order, i => firsts[i]), ref _rows), layout);
        for (var sequence = 0; sequence < order.Length; sequence++)
        {
            var output = outputs[order[sequence]];
            for (var step = 0; step < output.Rows; step++)
                _values.AsSpan(layout.RowOf(sequence, step) * output.Columns, output.Columns).CopyTo(output.Row(step));
        }

        return outputs;
    }

    private void Compute(FrameTable table, ReadOnlySpan<int> rows, SequenceLayout layout)
    {
        var count = rows.Length * graph.OutputDim;
        if (_values.Length < count)
            _values = new float[count];

        var output = Posteriors ? graph.Posteriors(table, rows, sequences: layout) : graph.Forward(table, rows, PassMode.Evaluate, layout);
        output.CopyTo(_values.AsSpan(0, count));
    }
}
