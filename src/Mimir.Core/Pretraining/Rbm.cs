using Mimir.Base;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Pretraining;

/// <summary>The units of a layer of a restricted Boltzmann machine.</summary>
public enum RbmUnit
{
    /// <summary>0 or 1, by a probability.</summary>
    Bernoulli,

    /// <summary>Real numbers with a variance of 1.</summary>
    Gaussian,
}

/// <summary>A restricted Boltzmann machine that learns by contrastive divergence with one step, as nnet1's Rbm.</summary>
/// <remarks>
/// From G. Hinton, "A Practical Guide to Training Restricted Boltzmann Machines" (2010), with the protection of Gaussian units
/// against exploding weights of Kaldi's nnet-rbm.h. All parameters lie in one vector: weights <c>[H, V]</c>, visible biases
/// <c>[V]</c>, hidden biases <c>[H]</c>; their momentum in another.
/// </remarks>
public sealed class Rbm : IDisposable
{
    private readonly RbmUnit _visibleUnit;
    private readonly RbmUnit _hiddenUnit;
    private readonly Tensor _values;
    private readonly Tensor _corrections;
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _moments;

    /// <summary>Copies the parameters to a device; the momentum is zero.</summary>
    /// <param name="device">The device.</param>
    /// <param name="visible">The visible units.</param>
    /// <param name="hidden">The hidden units.</param>
    /// <param name="parameters">The parameters at the start.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public Rbm(Device device, RbmUnit visible, RbmUnit hidden, RbmParameters parameters)
    {
        var (inputs, outputs) = (parameters.VisibleBias.Length, parameters.HiddenBias.Length);
        if (parameters.Weights.LongLength != (long)inputs * outputs)
            throw new ArgumentException($"{outputs} x {inputs} units do not have {parameters.Weights.Length} weights.", nameof(parameters));

        (_visibleUnit, _hiddenUnit, VisibleDim, HiddenDim) = (visible, hidden, inputs, outputs);
        _values = Tensor.From(device, parameters.ToVector(), [parameters.Count]);
        _corrections = Tensor.Zeros(device, [parameters.Count]);
        _parameters = Views(_values);
        _moments = Views(_corrections);
    }

    /// <summary>Gets the number of visible units.</summary>
    public int VisibleDim { get; }

    /// <summary>Gets the number of hidden units.</summary>
    public int HiddenDim { get; }

    private Tensor Weights => _parameters[0];

    /// <summary>The means of the hidden units: what the layer of a network computes that the machine becomes.</summary>
    /// <param name="visible"><c>[N, V]</c>.</param>
    /// <returns><c>[N, H]</c>; the caller disposes of it.</returns>
    public Tensor Hidden(Tensor visible) => Means(visible, Weights, transpose: true, _parameters[2], _hiddenUnit);

    /// <summary>Takes a step on a batch.</summary>
    /// <param name="visible"><c>[N, V]</c>.</param>
    /// <param name="rates">The sizes of the step.</param>
    /// <param name="seed">The seed of the hidden units that are drawn.</param>
    /// <exception cref="InputException">A value is NaN or infinite.</exception>
    public RbmStep Step(Tensor visible, RbmRates rates, ulong seed)
    {
        using var hidden = Hidden(visible);
        if (!visible.IsFinite() || !hidden.IsFinite())
            throw new InputException("The data of a restricted Boltzmann machine, or its hidden units, are not finite; lower the rate.");

        using var drawn = Draw(hidden, seed);
        using var reconstructed = Means(drawn, Weights, transpose: false, _parameters[1], _visibleUnit);
        using var again = Hidden(reconstructed);
        var step = new RbmStep(SquaredDistance(reconstructed, visible), visible.Rows, null);
        if (!double.IsFinite(step.SquaredError))
            throw new InputException("The reconstruction of a restricted Boltzmann machine is not finite: it diverges; lower the rate.");

        if (_visibleUnit == RbmUnit.Gaussian && Protect(visible, reconstructed) is { } scale)
            return step with { Scale = scale };

        Update(visible, hidden, reconstructed, again, rates);
        return step;
    }

    /// <summary>Copies the parameters to the host.</summary>
    public RbmParameters CopyParameters() => RbmParameters.FromVector(_values.ToArray(), VisibleDim, HiddenDim);

    /// <summary>Replaces the parameters.</summary>
    /// <param name="vector">What <see cref="RbmParameters.ToVector"/> returned.</param>
    public void SetParameters(ReadOnlySpan<float> vector) => _values.CopyFrom(vector);

    /// <summary>Copies the momentum to the host, in the order of the parameters.</summary>
    public float[] CopyMomentum() => _corrections.ToArray();

    /// <summary>Replaces the momentum.</summary>
    /// <param name="momentum">What <see cref="CopyMomentum"/> returned.</param>
    public void SetMomentum(ReadOnlySpan<float> momentum) => _corrections.CopyFrom(momentum);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in (Tensor[])[.. _parameters, .. _moments])
            view.Dispose();
        _values.Dispose();
        _corrections.Dispose();
    }

    private static Tensor Means(Tensor states, Tensor weights, bool transpose, Tensor bias, RbmUnit unit)
    {
        using var biases = bias.unsqueeze(0);
        var means = biases.expand(states.size(0), -1).contiguous();
        means.AddProduct(states, transposeLeft: false, weights, transposeRight: transpose);
        return unit == RbmUnit.Bernoulli ? means.sigmoid_() : means;
    }

    private Tensor Draw(Tensor means, ulong seed)
    {
        using var generator = new torch.Generator(seed, means.device);
        if (_hiddenUnit == RbmUnit.Bernoulli)
            return torch.bernoulli(means, generator);

        var noise = torch.randn(means.shape, device: means.device, generator: generator);
        return noise.Accumulate(means);
    }

    // Kaldi: where reconstructions vary twice as much as the data, the weights are about to explode.
    private double? Protect(Tensor visible, Tensor reconstructed)
    {
        var (data, own) = (Deviation(visible), Deviation(reconstructed));
        if (!(2 * data < own))
            return null;

        var scale = data / own;
        _values.mul_(Scalars.Of((float)scale));
        _corrections.zero_();
        return scale;
    }

    private void Update(Tensor visible, Tensor hidden, Tensor reconstructed, Tensor again, RbmRates rates)
    {
        var step = rates.Rate / visible.Rows;
        _moments[0].AddProduct(again, true, reconstructed, false, -step, rates.Momentum);
        _moments[0].AddProduct(hidden, true, visible, false, step);
        _moments[0].add_(Weights, Scalars.Of(-rates.Rate * rates.L2));
        Follow(_moments[1], visible, reconstructed, step, rates.Momentum);
        Follow(_moments[2], hidden, again, step, rates.Momentum);
        _values.Accumulate(_corrections);
    }

    private static void Follow(Tensor moment, Tensor positive, Tensor negative, double step, double momentum)
    {
        using var difference = positive - negative;
        using var sums = difference.sum(dim: 0);
        moment.mul_(Scalars.Of(momentum)).add_(sums, Scalars.Of(step));
    }

    private static double SquaredDistance(Tensor left, Tensor right)
    {
        using var difference = left - right;
        var norm = difference.Norm();
        return norm * norm;
    }

    private static double Deviation(Tensor values)
    {
        using var mean = values.mean([0, 1], type: ScalarType.Float64);
        var (norm, average) = (values.Norm(), mean.Number());
        return Math.Sqrt(Math.Max(0, (norm * norm / values.Count) - (average * average)));
    }

    private Tensor[] Views(Tensor vector)
    {
        long weights = (long)VisibleDim * HiddenDim;
        return
        [
            vector.Window(0, HiddenDim, VisibleDim), vector.Window(weights, VisibleDim), vector.Window(weights + VisibleDim, HiddenDim),
        ];
    }
}

/// <summary>The parameters of a restricted Boltzmann machine.</summary>
/// <param name="Weights"><c>[H, V]</c>, row-major.</param>
/// <param name="VisibleBias"><c>[V]</c>.</param>
/// <param name="HiddenBias"><c>[H]</c>.</param>
public sealed record RbmParameters(float[] Weights, float[] VisibleBias, float[] HiddenBias)
{
    /// <summary>Gets the number of values.</summary>
    internal long Count => Weights.LongLength + VisibleBias.Length + HiddenBias.Length;

    /// <summary>All values in one vector: weights, visible biases, hidden biases.</summary>
    public float[] ToVector() => [.. Weights, .. VisibleBias, .. HiddenBias];

    internal static RbmParameters FromVector(float[] vector, int visible, int hidden) =>
        new(vector[..(visible * hidden)], vector[^(visible + hidden)..^hidden], vector[^hidden..]);
}

/// <summary>The sizes of a step.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Momentum">The share of the last step that is taken again.</param>
/// <param name="L2">The decay of the weights.</param>
public readonly record struct RbmRates(double Rate, double Momentum, double L2);

/// <summary>The result of a step.</summary>
/// <param name="SquaredError">The squared distance of the reconstructions from the data, summed over the batch.</param>
/// <param name="Frames">The frames of the batch.</param>
/// <param name="Scale">The factor that made all parameters smaller in place of a step, as they were about to explode; else null.</param>
public readonly record struct RbmStep(double SquaredError, int Frames, double? Scale);
