using Mimir.Bench.Rungs;
using Mimir.Core.Tensors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace Mimir.Bench.Peers;

/// <summary>A recurrent network as a TorchSharp program has it: nn.LSTM, cross-entropy, autograd and SGD without momentum.</summary>
/// <remarks>
/// It has no peepholes and starts each sequence from zero, which costs no more than to carry its state. TorchSharp's nn.LSTM has no
/// projection, so that one is the same operation of libtorch (aten::lstm) called by TorchScript. Sequences of unequal lengths are packed.
/// </remarks>
internal sealed class TorchLstm : TorchTrainer
{
    private readonly List<IDisposable> _owned = [];
    private readonly Func<Tensor, Tensor> _recurrent;
    private readonly Module<Tensor, Tensor> _output;
    private readonly torch.optim.Optimizer _optimiser;
    private readonly Tensor _frames, _targets;

    public TorchLstm(LstmCase of)
    {
        var outputs = of.Directions * (of.Projection > 0 ? of.Projection : of.Cells);
        _output = Linear(outputs, LstmCase.Outputs);
        _frames = torch.randn(of.Lengths.Max(), of.Lengths.Length, LstmCase.Inputs);
        _targets = torch.randint(LstmCase.Outputs, of.Frames, dtype: ScalarType.Int64);
        IEnumerable<Parameter> parameters;
        (_recurrent, parameters) = of.Projection > 0 ? Projected(of) : Plain(of);
        _optimiser = torch.optim.SGD(parameters.Concat(_output.parameters()), 1e-6);
        Name = of.Projection > 0 ? "TorchSharp, aten::lstm by TorchScript, autograd + SGD" : "TorchSharp, nn.LSTM, autograd + SGD";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _owned.ForEach(owned => owned.Dispose());
        _optimiser.Dispose();
        _output.Dispose();
        _frames.Dispose();
        _targets.Dispose();
    }

    /// <inheritdoc/>
    protected override void StepInScope() => Descend(_optimiser, _output.call(_recurrent(_frames)), _targets);

    private (Func<Tensor, Tensor>, IEnumerable<Parameter>) Plain(LstmCase of)
    {
        var lstm = Own(LSTM(LstmCase.Inputs, of.Cells, of.Layers, bidirectional: of.Directions == 2));
        if (of.Lengths.Min() == of.Lengths.Max())
            return (x => lstm.call(x, null).Item1.flatten(0, 1), lstm.parameters());

        var lengths = Own(torch.tensor(of.Lengths.Select(length => (long)length).ToArray()));
        return (
            x =>
            {
                using var packed = utils.rnn.pack_padded_sequence(x, lengths);
                return lstm.call(packed, null).Item1.data.MoveToOuterDisposeScope();
            },
            lstm.parameters());
    }

    private (Func<Tensor, Tensor>, IEnumerable<Parameter>) Projected(LstmCase of)
    {
        List<Parameter> weights = [];
        for (var layer = 0; layer < of.Layers; layer++)
        {
            long[][] shapes =
            [
                [4 * of.Cells, layer == 0 ? LstmCase.Inputs : of.Projection], [4 * of.Cells, of.Projection], [4 * of.Cells],
                [4 * of.Cells], [of.Projection, of.Cells],
            ];
            weights.AddRange(shapes.Select(shape => Own(new Parameter(torch.randn(shape).mul_(Scalars.Of(0.05))))));
        }

        var names = string.Join(", ", weights.Select((_, i) => $"w{i}"));
        var script = Own(torch.jit.compile(
            $"def lstm(x, h, c, {names}):\n  return torch.lstm(x, [h, c], [{names}], True, {of.Layers}, 0.0, True, False, False)[0]\n"));
        object[] inputs =
        [
            _frames, Own(torch.zeros(of.Layers, of.Lengths.Length, of.Projection)),
            Own(torch.zeros(of.Layers, of.Lengths.Length, of.Cells)), .. weights,
        ];
        return (_ => script.invoke<Tensor>("lstm", inputs).flatten(0, 1), weights);
    }

    private T Own<T>(T made)
        where T : IDisposable
    {
        _owned.Add(made);
        return made;
    }
}
