using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>A block that states its formula in tensors: its backward pass is autograd's, its parameters stay in the store.</summary>
/// <param name="outputDim">The number of output values of a frame.</param>
internal abstract class TapeBlock(int outputDim) : Block(outputDim)
{
    // Views of the flat buffers with versions of their own: a fused step of another block does not spoil the tape.
    private Tensor[] _parameters = [];
    private IReadOnlyList<Tensor> _gradients = [];
    private Tensor? _input, _output;

    public override void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
        DisposeParameters();
        _gradients = gradients;
        _parameters = [.. values.Select((value, i) =>
        {
            var own = Tensor.Zeros(device, [0], type);
            own.set_(value);
            return own.requires_grad_(Parameters[i].IsTrained);
        })];
    }

    public override void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output)
    {
        Forget();
        var training = pass.Mode == PassMode.Train;
        using var threads = Threads.LendToTorch();
        using var tape = torch.set_grad_enabled(training);
        using var scope = torch.NewDisposeScope();
        var input = inputs[0].detach();
        input.requires_grad = training;
        var result = Compute(pass, input, _parameters);
        output.copy_(result.detach());
        if (training)
            (_input, _output) = (input.DetachFromDisposeScope(), result.DetachFromDisposeScope());
    }

    public override void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients)
    {
        // Autograd adds to a gradient that is there.
        for (var i = 0; i < _parameters.Length; i++)
        {
            if (Parameters[i].IsTrained)
                _parameters[i].grad = _gradients[i].fill_(Scalars.Of(0));
        }

        using (Threads.LendToTorch())
            _output!.backward([outputGradient]);
        using var gradient = _input!.grad;
        if (gradient is null)
            inputGradients[0]?.fill_(Scalars.Of(0));
        else
            inputGradients[0]?.copy_(gradient);
        Forget();
    }

    public override void Dispose()
    {
        Forget();
        DisposeParameters();
        base.Dispose();
    }

    /// <summary>The formula.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">The input <c>[N, D]</c>.</param>
    /// <param name="parameters">The parameters, in the order of their declaration.</param>
    /// <returns><c>[N, OutputDim]</c>.</returns>
    protected abstract Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters);

    private void Forget()
    {
        _input?.Dispose();
        _output?.Dispose();
        (_input, _output) = (null, null);
    }

    private void DisposeParameters()
    {
        foreach (var parameter in _parameters)
            parameter.Dispose();
    }
}
