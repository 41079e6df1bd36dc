using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>Self-repair of a non-linearity: units that are nearly always saturated or off are pushed back, as in nnet3.</summary>
/// <remarks>
/// The mean derivative of each unit is kept over all batches. Below a threshold (sigmoid 0.05, tanh 0.2, ReLU 0.05; for ReLU also
/// above 0.95) a term is added to the gradient at the input of the unit, of the size of the scale a frame: towards the middle,
/// scale (2 y - 1) for the sigmoid and scale y for tanh; up or down for ReLU. As in nnet3 it acts in half of the batches, twice as
/// strong; which half follows from the key of the pass.
/// </remarks>
/// <param name="activation">The non-linearity.</param>
/// <param name="units">The number of units; several values of a frame may be of one, as in a convolution.</param>
/// <param name="scale">The scale, Kaldi's self-repair-scale.</param>
internal sealed class SelfRepair(Activation activation, int units, double scale)
{
    private const double ActsInShare = 0.5;

    private readonly double[] _derivatives = new double[units];
    private double _count;

    /// <summary>Multiplies by the derivative of the non-linearity, and adds the repair.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="y">The output of the non-linearity.</param>
    /// <param name="dy">The gradient at it, which becomes that at its input.</param>
    public void Backward(in BatchPass pass, Tensor y, Tensor dy)
    {
        using var scope = torch.NewDisposeScope();
        var rows = y.view(-1, units);
        var slopes = torch.ones_like(rows);
        Activations.MultiplyDerivative(slopes, rows, activation);
        var sums = new double[units];
        slopes.sum(dim: 0).CopyTo(sums);
        for (var i = 0; i < units; i++)
            _derivatives[i] += sums[i];
        _count += rows.Rows;

        Activations.MultiplyDerivative(dy, y, activation);
        if ((pass.Key & 1) == 0)
            return;

        var signs = Array.ConvertAll(_derivatives, sum => SignOf(sum / _count));
        if (Array.TrueForAll(signs, sign => sign == 0))
            return;

        var strength = Tensor.From(Device.Of(y), signs, [units], y.dtype) * Scalars.Of(scale / ActsInShare);
        var direction = activation switch
        {
            Activation.Sigmoid => (rows * Scalars.Of(2)) - Scalars.Of(1),
            Activation.Tanh => rows,
            _ => torch.ones_like(rows),
        };
        dy.view(-1, units).Accumulate(direction * strength);
    }

    /// <summary>Copies the sums of derivatives and the count for a checkpoint, in two floats each.</summary>
    public float[] Save()
    {
        var state = new float[2 * (units + 1)];
        for (var i = 0; i <= units; i++)
        {
            var value = i < units ? _derivatives[i] : _count;
            state[2 * i] = (float)value;
            state[(2 * i) + 1] = (float)(value - state[2 * i]);
        }

        return state;
    }

    /// <summary>Restores what <see cref="Save"/> returned.</summary>
    /// <param name="state">As many values; empty to begin anew.</param>
    /// <returns>False where it is of another size.</returns>
    public bool TryLoad(ReadOnlySpan<float> state)
    {
        if (!state.IsEmpty && state.Length != 2 * (units + 1))
            return false;

        for (var i = 0; i <= units; i++)
        {
            var value = state.IsEmpty ? 0 : (double)state[2 * i] + state[(2 * i) + 1];
            if (i < units)
                _derivatives[i] = value;
            else
                _count = value;
        }

        return true;
    }

    // The sign of the term: ReLU's is -1 to switch a unit on, since the loss falls against the gradient.
    private float SignOf(double slope) => activation switch
    {
        Activation.Sigmoid => slope < 0.05 ? 1 : 0,
        Activation.Tanh => slope < 0.2 ? 1 : 0,
        _ => slope <= 0.05 ? -1 : slope > 0.95 ? 1 : 0,
    };
}
