using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>Stochastic gradient descent by nnet1's rule.</summary>
/// <remarks>
/// With r = rate * the slice's factor and the gradient g summed over frames: c = momentum c + g, cut to the slice's GradClip
/// (and kept so); on weights
/// W -= r L2 frames W and L1 shrinks W towards 0 by r L1 frames; W -= r c; rows of a slice with MaxNorm are scaled back to it.
/// </remarks>
/// <param name="options">Momentum, decay and clipping.</param>
public sealed class Sgd(SgdOptions options) : IOptimiser, IDisposable
{
    private const string Key = "sgd.correction";
    private Tensor? _correction;
    private Tensor[] _views = [];

    /// <summary>Gets the options.</summary>
    public SgdOptions Options { get; } = options;

    /// <inheritdoc/>
    public void Step(ParameterStore parameters, double rate, int frames)
    {
        GradientClipping.Apply(parameters.Gradients, Options.MaxGradient, Options.MaxGradientNorm);
        if (Options.Momentum != 0 && _correction is null)
            Remember(parameters, Tensor.Zeros(parameters.Values.Device, [parameters.Count], parameters.Values.Type));

        for (var i = 0; i < parameters.Slices.Count; i++)
        {
            var slice = parameters.Slices[i];
            if (!slice.IsTrained)
                continue;

            var own = rate * slice.RateFactor;
            using var correction = new Optional(_correction is null ? null : _views[i]);
            LibTorch.Check(LibTorch.mimir_sgd_step(
                parameters.ValueOf(i).Handle, parameters.GradientOf(i).Handle, correction.Address, own,
                Options.Momentum * slice.MomentumFactor, slice.GradClip,
                own * Options.L1 * frames * slice.DecayFactor, own * Options.L2 * frames * slice.DecayFactor));
            if (slice.MaxNorm > 0)
                LibTorch.Check(LibTorch.mimir_max_norm(parameters.ValueOf(i).Handle, slice.MaxNorm));
        }
    }

    /// <inheritdoc/>
    public void Reset() => _correction?.Fill(0);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, HostTensor> SaveState() => _correction is null
        ? new Dictionary<string, HostTensor>()
        : new Dictionary<string, HostTensor> { [Key] = HostTensor.From(_correction) };

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, HostTensor> state, ParameterStore parameters)
    {
        Dispose();
        if (state.TryGetValue(Key, out var saved))
            Remember(parameters, OptimiserState.ToDevice(Key, saved, parameters));
        else if (state.Count != 0)
            throw new InputException($"expected the state of sgd, got {string.Join(", ", state.Keys)}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();

        _correction?.Dispose();
        (_correction, _views) = (null, []);
    }

    private void Remember(ParameterStore parameters, Tensor correction)
    {
        _correction = correction;
        _views = [.. parameters.Slices.Select(slice => correction.View(slice.Offset, [.. slice.Shape]))];
    }
}
