using Mimir.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace Mimir.Bench.Peers;

/// <summary>A DNN by TorchSharp's operations in place: no autograd, and the weight gradient is multiplied into the weights.</summary>
internal sealed class TorchDnnInPlace : TorchTrainer
{
    private const int Frames = 16384;
    private const float Rate = 1e-6f;
    private readonly Tensor _frames, _targets, _minusOne;
    private readonly Tensor[] _weights, _biases, _outputs, _gradients;
    private readonly int _batch;

    /// <param name="dims">The dimensions of the layers, from the input on.</param>
    /// <param name="batch">The frames of a step, drawn from a table.</param>
    public TorchDnnInPlace(IReadOnlyList<int> dims, int batch)
    {
        int[] outputs = [.. dims.Skip(1)];
        _weights = [.. outputs.Select((dim, i) => torch.randn(dim, dims[i]).mul_(Scalars.Of(0.05)))];
        _biases = [.. outputs.Select(dim => torch.zeros(dim))];
        _outputs = [.. outputs.Select(dim => torch.zeros(batch, dim))];
        _gradients = [.. outputs.Select(dim => torch.zeros(batch, dim))];
        _frames = torch.randn(Frames, dims[0]);
        _targets = torch.randint(dims[^1], [Frames, 1], dtype: ScalarType.Int64);
        _minusOne = torch.full(batch, 1, Scalars.Of(-1));
        _batch = batch;
    }

    /// <inheritdoc/>
    public override string Name => "TorchSharp, explicit steps in place";

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var tensor in (Tensor[])[.. _weights, .. _biases, .. _outputs, .. _gradients])
            tensor.Dispose();

        _frames.Dispose();
        _targets.Dispose();
        _minusOne.Dispose();
    }

    /// <inheritdoc/>
    protected override void StepInScope()
    {
        using var noGradients = torch.no_grad();
        var rows = torch.randint(Frames, _batch, dtype: ScalarType.Int64);
        var input = _frames.index_select(0, rows);
        var last = _weights.Length - 1;
        for (var i = 0; i <= last; i++)
        {
            _outputs[i].copy_(_biases[i]).addmm_(i == 0 ? input : _outputs[i - 1], _weights[i].t(), 1, 1);
            if (i < last)
                _outputs[i].sigmoid_();
        }

        _gradients[last].copy_(functional.softmax(_outputs[last], 1)).scatter_add_(1, _targets.index_select(0, rows), _minusOne);
        for (var i = last; i >= 0; i--)
        {
            // dx = dz W, then W -= rate dz^T x; the derivative of the sigmoid, y - y^2, takes the place of y.
            if (i > 0)
                _gradients[i - 1].addmm_(_gradients[i], _weights[i], 0, 1);
            _weights[i].addmm_(_gradients[i].t(), i == 0 ? input : _outputs[i - 1], 1, -Rate);
            _biases[i].add_(_gradients[i].sum(dim: 0), Scalars.Of(-Rate));
            if (i > 0)
                _gradients[i - 1].mul_(_outputs[i - 1].addcmul_(_outputs[i - 1], _outputs[i - 1], Scalars.Of(-1)));
        }
    }
}
