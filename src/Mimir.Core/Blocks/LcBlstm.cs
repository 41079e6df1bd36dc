using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>A latency-controlled BLSTM: a bidirectional layer whose backward half sees a limited future. It needs sequences.</summary>
/// <remarks>
/// Y. Zhang et al.: Highway long short-term memory RNNs for distant speech recognition, 2016. The forward half is an
/// <see cref="LstmSpec"/> over the whole sequence. The backward half starts from zero at the end of the right context of each
/// chunk; its outputs for the context itself are discarded. So a chunk needs its right context and no more.
/// </remarks>
/// <param name="Half">The options of either half, as those of <see cref="BlstmSpec"/>.</param>
/// <param name="Chunk">The frames of a chunk, from the beginning of a sequence on; at least 1.</param>
/// <param name="RightContext">The frames after a chunk that its backward half sees; 0 or more.</param>
public sealed record LcBlstmSpec(LstmSpec Half, int Chunk, int RightContext) : BlockSpec
{
    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new LcBlstmBlock(this, inputDim);
}

/// <summary>Computes an <see cref="LcBlstmSpec"/>: the forward half over the sequences, the backward half over their chunks.</summary>
internal sealed class LcBlstmBlock : Block
{
    private readonly LcBlstmSpec _spec;
    private readonly LstmBlock _forward, _backward;
    private readonly int _halfOutputs;

    // Outputs and gradients of the forward half, [N, R], and of the backward half over the rows of the chunks, [M, R]; the
    // inputs of these rows and their gradients, [M, D].
    private readonly RowBuffer _forwardOutput, _forwardGradient, _backwardOutput, _backwardGradient, _chunkInput, _chunkInputGradient;
    private ChunkedSequences? _chunks;
    private SequenceLayout? _sequences;

    public LcBlstmBlock(LcBlstmSpec spec, int inputDim)
        : base(2 * spec.Half.Outputs)
    {
        if (spec.Chunk < 1 || spec.RightContext < 0)
        {
            throw new ArgumentException(
                "a latency-controlled layer needs chunks of at least 1 frame and no negative context, "
                + $"got {spec.Chunk} and {spec.RightContext}");
        }

        _spec = spec;
        _halfOutputs = spec.Half.Outputs;
        _forward = new LstmBlock(spec.Half, inputDim, ["forward."]);
        _backward = new LstmBlock(spec.Half, inputDim, ["backward."], reversed: true);
        (_forwardOutput, _forwardGradient) = (new RowBuffer(_halfOutputs), new RowBuffer(_halfOutputs));
        (_backwardOutput, _backwardGradient) = (new RowBuffer(_halfOutputs), new RowBuffer(_halfOutputs));
        (_chunkInput, _chunkInputGradient) = (new RowBuffer(inputDim), new RowBuffer(inputDim));
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters => [.. _forward.Parameters, .. _backward.Parameters];

    public override bool NeedsSequences => true;

    public override Tensor? State => _forward.State;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        var half = _forward.Parameters.Count;
        _forward.Bind([.. values.Take(half)], [.. gradients.Take(half)], device, type);
        _backward.Bind([.. values.Skip(half)], [.. gradients.Skip(half)], device, type);
        foreach (var buffer in Buffers())
            buffer.Bind(device, type);
    }

    public override void ReserveStreams(int streams) => _forward.ReserveStreams(streams);

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) =>
        [.. _forward.InitialValues(random), .. _backward.InitialValues(random)];

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        // The forward half over the whole sequences fills the left columns.
        var chunks = ChunksOf(pass);
        var forward = _forwardOutput.For(output.Rows);
        _forward.Forward(pass, inputs, forward);
        output.CopyColumnsFrom(forward, 0, 0, _halfOutputs);

        // The backward half over each chunk with its right context.
        var chunkInput = _chunkInput.For(chunks.Layout.Rows);
        RowMoves.Gather(inputs[0], chunks.Sources, chunkInput);
        var backward = _backwardOutput.For(chunks.Layout.Rows);
        _backward.Forward(PassOver(pass, chunks), [chunkInput], backward);

        // The rows of the chunks without their context fill the right columns. The gradient of the forward half, which is not
        // needed yet, serves as scratch.
        var own = _forwardGradient.For(output.Rows);
        RowMoves.Gather(backward, chunks.Own, own);
        output.CopyColumnsFrom(own, 0, _halfOutputs, _halfOutputs);
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // The right columns go to the rows of the chunks; rows of a context have no gradient of their own.
        var chunks = ChunksOf(pass);
        var gradient = _forwardGradient.For(output.Rows);
        gradient.CopyColumnsFrom(outputGradient, _halfOutputs, 0, _halfOutputs);
        var backwardGradient = _backwardGradient.For(chunks.Layout.Rows);
        backwardGradient.fill_(Scalars.Of(0));
        RowMoves.ScatterAdd(gradient, chunks.Own, backwardGradient);

        // The left columns go through the forward half, which writes the gradient of the input.
        gradient.CopyColumnsFrom(outputGradient, 0, 0, _halfOutputs);
        _forward.Backward(pass, inputs, _forwardOutput.For(output.Rows), gradient, inputGradients);

        // The gradient of the backward half is added, each row of a chunk to the row that it is a copy of.
        var chunkInputGradient = inputGradients[0] is null ? null : _chunkInputGradient.For(chunks.Layout.Rows);
        _backward.Backward(
            PassOver(pass, chunks), [_chunkInput.For(chunks.Layout.Rows)], _backwardOutput.For(chunks.Layout.Rows), backwardGradient,
            [chunkInputGradient]);
        if (inputGradients[0] is { } dx && chunkInputGradient is not null)
            RowMoves.ScatterAdd(chunkInputGradient, chunks.Sources, dx);
    }

    public override void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
        foreach (var buffer in Buffers())
            buffer.Dispose();
        base.Dispose();
    }

    private static BatchPass PassOver(in BatchPass pass, ChunkedSequences chunks) => new()
    {
        Mode = pass.Mode,
        Table = pass.Table,
        Rows = pass.Rows,
        Sequences = chunks.Layout,
        Key = pass.Key,
        StepRate = pass.StepRate,
    };

    private RowBuffer[] Buffers() =>
        [_forwardOutput, _forwardGradient, _backwardOutput, _backwardGradient, _chunkInput, _chunkInputGradient];

    // The backward pass has the layout of the forward pass before it.
    private ChunkedSequences ChunksOf(in BatchPass pass)
    {
        var sequences = pass.RequiredSequences;
        if (_chunks is null || !ReferenceEquals(sequences, _sequences))
            (_chunks, _sequences) = (ChunkedSequences.Of(sequences, _spec.Chunk, _spec.RightContext), sequences);

        return _chunks;
    }
}

/// <summary>The chunks of the sequences of a batch, each with its right context, as sequences of their own.</summary>
/// <param name="Layout">The packed chunks.</param>
/// <param name="Sources">For each row of <paramref name="Layout"/> the row of the batch that it is a copy of.</param>
/// <param name="Own">For each row of the batch the row of <paramref name="Layout"/> that holds it within its own chunk.</param>
internal sealed record ChunkedSequences(SequenceLayout Layout, int[] Sources, int[] Own)
{
    /// <summary>Cuts sequences into chunks.</summary>
    /// <param name="sequences">The batch.</param>
    /// <param name="chunk">The frames of a chunk.</param>
    /// <param name="context">The frames of the right context.</param>
    public static ChunkedSequences Of(SequenceLayout sequences, int chunk, int context)
    {
        var chunks = new List<(int Sequence, int Begin, int Length)>();
        for (var s = 0; s < sequences.Sequences; s++)
        {
            var length = sequences.Lengths[s];
            for (var begin = 0; begin < length; begin += chunk)
                chunks.Add((s, begin, (int)Math.Min((long)chunk + context, length - begin)));
        }

        // Sorting is stable, so the packing follows from the lengths alone.
        chunks = [.. chunks.OrderByDescending(piece => piece.Length)];
        var layout = new SequenceLayout([.. chunks.Select(piece => piece.Length)]);
        var (sources, own) = (new int[layout.Rows], new int[sequences.Rows]);
        for (var c = 0; c < chunks.Count; c++)
        {
            var (sequence, begin, length) = chunks[c];
            for (var t = 0; t < length; t++)
            {
                var (row, source) = (layout.RowOf(c, t), sequences.RowOf(sequence, begin + t));
                sources[row] = source;
                if (t < chunk)
                    own[source] = row;
            }
        }

        return new(layout, sources, own);
    }
}
