using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>Adam: steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// A slice's GradClip has no effect: the size of a step does not follow from that of a gradient.
/// D. P. Kingma, J. Ba: Adam, 2015; decay as in I. Loshchilov, F. Hutter: Decoupled weight decay, 2019.
/// </remarks>
/// <param name="options">Decays and clipping.</param>
public sealed class Adam(AdamOptions options) : IOptimiser, IDisposable
{
    private const string FirstKey = "adam.first", SecondKey = "adam.second", StepsKey = "adam.steps";
    private const int Radix = 1 << 20;
    private Tensor? _first, _second;
    private Tensor[] _firstViews = [], _secondViews = [];
    private long _steps;

    /// <summary>Gets the options.</summary>
    public AdamOptions Options { get; } = options;

    /// <inheritdoc/>
    public void Step(ParameterStore parameters, double rate, int frames)
    {
        GradientClipping.Apply(parameters.Gradients, Options.MaxGradient, Options.MaxGradientNorm);
        if (_first is null)
            Remember(parameters, Zeros(parameters), Zeros(parameters));

        _steps++;
        var firstScale = 1 / (1 - Math.Pow(Options.Beta1, _steps));
        var secondScale = 1 / (1 - Math.Pow(Options.Beta2, _steps));
        for (var i = 0; i < parameters.Slices.Count; i++)
        {
            var slice = parameters.Slices[i];
            if (!slice.IsTrained)
                continue;

            var own = rate * slice.RateFactor;
            LibTorch.Check(LibTorch.mimir_adam_step(
                parameters.ValueOf(i).Handle, parameters.GradientOf(i).Handle, _firstViews[i].Handle, _secondViews[i].Handle,
                own * firstScale, Options.Beta1, Options.Beta2, Options.Epsilon, secondScale,
                own * Options.WeightDecay * slice.DecayFactor));
            if (slice.MaxNorm > 0)
                LibTorch.Check(LibTorch.mimir_max_norm(parameters.ValueOf(i).Handle, slice.MaxNorm));
        }
    }

    /// <inheritdoc/>
    public void Reset() => Dispose();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, HostTensor> SaveState() => _first is null || _second is null
        ? new Dictionary<string, HostTensor>()
        : new Dictionary<string, HostTensor>
        {
            [FirstKey] = HostTensor.From(_first),
            [SecondKey] = HostTensor.From(_second),

            // Two digits, because a float alone counts to 2^24 only.
            [StepsKey] = new([2], [_steps / Radix, _steps % Radix]),
        };

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, HostTensor> state, ParameterStore parameters)
    {
        Dispose();
        if (state.Count == 0)
            return;

        if (!state.TryGetValue(FirstKey, out var first) || !state.TryGetValue(SecondKey, out var second)
            || !state.TryGetValue(StepsKey, out var steps) || steps.Values.Length != 2)
            throw new InputException($"expected the state of adam, got {string.Join(", ", state.Keys)}");

        Remember(parameters, OptimiserState.ToDevice(FirstKey, first, parameters), OptimiserState.ToDevice(SecondKey, second, parameters));
        _steps = ((long)steps.Values[0] * Radix) + (long)steps.Values[1];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in _firstViews.Concat(_secondViews))
            view.Dispose();

        _first?.Dispose();
        _second?.Dispose();
        (_first, _second, _firstViews, _secondViews, _steps) = (null, null, [], [], 0);
    }

    private static Tensor Zeros(ParameterStore parameters) =>
        Tensor.Zeros(parameters.Values.Device, [parameters.Count], parameters.Values.Type);

    private void Remember(ParameterStore parameters, Tensor first, Tensor second)
    {
        (_first, _second) = (first, second);
        _firstViews = [.. parameters.Slices.Select(slice => first.View(slice.Offset, [.. slice.Shape]))];
        _secondViews = [.. parameters.Slices.Select(slice => second.View(slice.Offset, [.. slice.Shape]))];
    }
}
