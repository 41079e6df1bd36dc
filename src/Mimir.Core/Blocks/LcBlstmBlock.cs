using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>Runs an <see cref="LcBlstmSpec"/>: the forward half over the sequences, the backward half over their chunks.</summary>
internal sealed class LcBlstmBlock : Block
{
    private readonly LcBlstmSpec _spec;
    private readonly LstmBlock _forward, _backward;
    private readonly int _outputs;
    private readonly RowMemory _ahead, _aheadGradient, _back, _backGradient, _inputs, _inputGradients;
    private ChunkedSequences? _chunks;
    private SequenceLayout? _sequences;

    public LcBlstmBlock(LcBlstmSpec spec, int inputDim)
        : base(2 * spec.Half.Outputs)
    {
        if (spec.Chunk < 1 || spec.RightContext < 0)
            throw new ArgumentException(
                $"a latency-controlled layer needs chunks of at least 1 frame and no negative context, got {spec.Chunk} and {spec.RightContext}");

        _spec = spec;
        _outputs = spec.Half.Outputs;
        _forward = new LstmBlock(spec.Half, inputDim, ["forward."]);
        _backward = new LstmBlock(spec.Half, inputDim, ["backward."], reversed: true);
        (_ahead, _aheadGradient) = (new RowMemory(_outputs), new RowMemory(_outputs));
        (_back, _backGradient) = (new RowMemory(_outputs), new RowMemory(_outputs));
        (_inputs, _inputGradients) = (new RowMemory(inputDim), new RowMemory(inputDim));
    }

    public override IReadOnlyList<ParameterDeclaration> Parameters => [.. _forward.Parameters, .. _backward.Parameters];

    public override bool NeedsSequences => true;

    public override Tensor? State => _forward.State;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type)
    {
        var half = _forward.Parameters.Count;
        _forward.Bind([.. values.Take(half)], [.. gradients.Take(half)], device, type);
        _backward.Bind([.. values.Skip(half)], [.. gradients.Skip(half)], device, type);
        foreach (var memory in Memories())
            memory.Bind(device, type);
    }

    public override void ReserveStreams(int streams) => _forward.ReserveStreams(streams);

    public override IReadOnlyList<float[]> InitialValues(Xoshiro256 random) =>
        [.. _forward.InitialValues(random), .. _backward.InitialValues(random)];

    public override void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        var chunks = ChunksOf(pass);
        var ahead = _ahead.For(output.Rows);
        _forward.Forward(pass, inputs, ahead);
        output.CopyColumnsFrom(ahead, 0, 0, _outputs);

        var taken = _inputs.For(chunks.Layout.Rows);
        LibTorch.Check(LibTorch.mimir_gather_rows(inputs[0].Handle, chunks.Sources, chunks.Sources.Length, taken.Handle));
        var back = _back.For(chunks.Layout.Rows);
        _backward.Forward(PassOver(pass, chunks), [taken], back);

        // The forward half's gradient is not needed yet: room for the backward half's own rows.
        var own = _aheadGradient.For(output.Rows);
        LibTorch.Check(LibTorch.mimir_gather_rows(back.Handle, chunks.Own, chunks.Own.Length, own.Handle));
        output.CopyColumnsFrom(own, 0, _outputs, _outputs);
    }

    public override void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        var chunks = ChunksOf(pass);
        var gradient = _aheadGradient.For(output.Rows);
        gradient.CopyColumnsFrom(outputGradient, _outputs, 0, _outputs);
        var backGradient = _backGradient.For(chunks.Layout.Rows);
        backGradient.Fill(0);
        LibTorch.Check(LibTorch.mimir_scatter_add_rows(gradient.Handle, chunks.Own, chunks.Own.Length, backGradient.Handle));

        gradient.CopyColumnsFrom(outputGradient, 0, 0, _outputs);
        _forward.Backward(pass, inputs, _ahead.For(output.Rows), gradient, inputGradients);

        var taken = inputGradients[0] is null ? null : _inputGradients.For(chunks.Layout.Rows);
        _backward.Backward(
            PassOver(pass, chunks), [_inputs.For(chunks.Layout.Rows)], _back.For(chunks.Layout.Rows), backGradient, [taken]);
        if (inputGradients[0] is { } target && taken is not null)
            LibTorch.Check(LibTorch.mimir_scatter_add_rows(taken.Handle, chunks.Sources, chunks.Sources.Length, target.Handle));
    }

    public override void Dispose()
    {
        _forward.Dispose();
        _backward.Dispose();
        foreach (var memory in Memories())
            memory.Dispose();
        base.Dispose();
    }

    private static BlockPass PassOver(in BlockPass pass, ChunkedSequences chunks) => new()
    {
        Mode = pass.Mode,
        Table = pass.Table,
        Rows = pass.Rows,
        Sequences = chunks.Layout,
        Key = pass.Key,
        StepRate = pass.StepRate,
    };

    private RowMemory[] Memories() => [_ahead, _aheadGradient, _back, _backGradient, _inputs, _inputGradients];

    private ChunkedSequences ChunksOf(in BlockPass pass)
    {
        var sequences = pass.NeededSequences;
        if (_chunks is null || !ReferenceEquals(sequences, _sequences))
            (_chunks, _sequences) = (ChunkedSequences.Of(sequences, _spec.Chunk, _spec.RightContext), sequences);

        return _chunks;
    }
}
