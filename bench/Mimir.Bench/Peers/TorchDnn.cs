using TorchSharp;
using static TorchSharp.torch.nn;

namespace Mimir.Bench.Peers;

/// <summary>A DNN as a TorchSharp program has it: modules, cross-entropy, autograd and SGD without momentum.</summary>
internal sealed class TorchDnn : TorchTrainer
{
    private const int Frames = 16384;
    private readonly Module<Tensor, Tensor> _model;
    private readonly torch.optim.Optimizer _optimiser;
    private readonly Tensor _frames, _targets;
    private readonly int _batch;

    /// <param name="dims">The dimensions of the layers, from the input on.</param>
    /// <param name="batch">The frames of a step, drawn from a table.</param>
    public TorchDnn(IReadOnlyList<int> dims, int batch)
    {
        List<Module<Tensor, Tensor>> layers = [];
        for (var i = 1; i < dims.Count; i++)
        {
            layers.Add(Linear(dims[i - 1], dims[i]));
            if (i < dims.Count - 1)
                layers.Add(Sigmoid());
        }

        _model = Sequential(layers);
        _optimiser = torch.optim.SGD(_model.parameters(), 1e-6);
        _frames = torch.randn(Frames, dims[0]);
        _targets = torch.randint(dims[^1], Frames, dtype: ScalarType.Int64);
        _batch = batch;
    }

    /// <inheritdoc/>
    public override string Name => "TorchSharp, autograd + SGD";

    /// <inheritdoc/>
    public override void Dispose()
    {
        _optimiser.Dispose();
        _model.Dispose();
        _frames.Dispose();
        _targets.Dispose();
    }

    /// <inheritdoc/>
    protected override void StepInScope()
    {
        var rows = torch.randint(Frames, _batch, dtype: ScalarType.Int64);
        Descend(_optimiser, _model.call(_frames.index_select(0, rows)), _targets.index_select(0, rows));
    }
}
