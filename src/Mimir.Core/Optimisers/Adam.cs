using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Optimisers;

/// <summary>Adam (Kingma and Ba, 2015) on the mean gradient over the minibatch.</summary>
public sealed record AdamOptions : OptimiserOptions
{
    /// <summary>The learning rate at the start.</summary>
    public override double Rate { get; init; } = 0.001;

    /// <summary>The decay of the running mean of the gradients.</summary>
    [Option("beta1", Min = 0, Max = 1, MaxExcluded = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The decay of the running mean of the squared gradients.</summary>
    [Option("beta2", Min = 0, Max = 1, MaxExcluded = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>The number that is added to the root of the mean square.</summary>
    [Option("epsilon", Min = 0, MinExcluded = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Weight decay, apart from the gradient as in AdamW: each step takes rate * l2 * W from the weights.</summary>
    [Option("l2", Min = 0)]
    public double WeightDecay { get; init; }

    /// <summary>The largest magnitude of an element of the gradient of a step; 0 is no limit.</summary>
    [Option("max-gradient", Min = 0)]
    public double MaxGradient { get; init; }

    /// <summary>The largest norm of the whole gradient of a step, which is scaled down to it; 0 is no limit.</summary>
    [Option("max-gradient-norm", Min = 0)]
    public double MaxGradientNorm { get; init; }

    /// <inheritdoc/>
    public override IOptimiser Create() => new Adam(this);
}

/// <summary>Adam: steps scaled by running means of the gradient and of its square.</summary>
/// <remarks>
/// The GradClip of a parameter has no effect, because the size of a step does not follow from that of a gradient.
/// D. P. Kingma, J. Ba: Adam, 2015; decay as in I. Loshchilov, F. Hutter: Decoupled weight decay, 2019.
/// </remarks>
/// <param name="options">Decays and clipping; the rate comes with each step.</param>
public sealed class Adam(AdamOptions options) : IOptimiser, IDisposable
{
    private const string FirstKey = "adam.first", SecondKey = "adam.second", StepsKey = "adam.steps";
    private Tensor? _first, _second;
    private Tensor[] _firstViews = [], _secondViews = [];
    private long _steps;

    /// <summary>Gets the options.</summary>
    public AdamOptions Options { get; } = options;

    /// <inheritdoc/>
    public void Step(ParameterStore parameters, double rate, int frames)
    {
        OptimiserTools.Clip(parameters.Gradients, (float)Options.MaxGradient, (float)Options.MaxGradientNorm);
        var (beta1, beta2) = ((float)Options.Beta1, (float)Options.Beta2);
        var (epsilon, decay) = ((float)Options.Epsilon, (float)Options.WeightDecay);
        if (_first is null)
            SetMoments(OptimiserTools.Zeros(parameters), OptimiserTools.Zeros(parameters), parameters);

        // The corrections of the bias of the moments, which start from 0.
        _steps++;
        var firstScale = 1 / (1 - Math.Pow(beta1, _steps));
        var secondScale = 1 / (1 - Math.Pow(beta2, _steps));
        for (var i = 0; i < parameters.Slices.Count; i++)
        {
            var slice = parameters.Slices[i];
            if (!slice.IsTrained)
                continue;

            var own = rate * slice.RateFactor;
            var (value, gradient, shrink) = (parameters.ValueOf(i), parameters.GradientOf(i), own * decay * slice.DecayFactor);
            if (Kernels.Take(value))
            {
                Kernels.Check(Kernels.mimir_adam_step(
                    value.Count, value, gradient, _firstViews[i], _secondViews[i], own * firstScale, beta1, beta2, epsilon, secondScale,
                    shrink));
            }
            else
            {
                using var scope = torch.NewDisposeScope();
                _firstViews[i].mul_(Scalars.Of(beta1)).add_(gradient, alpha: Scalars.Of(1 - beta1));
                _secondViews[i].mul_(Scalars.Of(beta2)).addcmul_(gradient, gradient, Scalars.Of(1 - beta2));
                var deviation = (_secondViews[i] * Scalars.Of(secondScale)).sqrt_().Accumulate(epsilon);
                value.mul_(Scalars.Of(1 - shrink)).addcdiv_(_firstViews[i], deviation, Scalars.Of(-own * firstScale));
            }

            if (slice.MaxNorm > 0)
                MaxNorm.Limit(value, slice.MaxNorm);
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

            [StepsKey] = new([2], [_steps / WholeNumber.Radix, _steps % WholeNumber.Radix]),
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

        SetMoments(
            OptimiserTools.Load(FirstKey, first, parameters), OptimiserTools.Load(SecondKey, second, parameters), parameters);
        _steps = ((long)steps.Values[0] * WholeNumber.Radix) + (long)steps.Values[1];
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

    private void SetMoments(Tensor first, Tensor second, ParameterStore parameters)
    {
        (_first, _firstViews) = (first, OptimiserTools.Views(first, parameters));
        (_second, _secondViews) = (second, OptimiserTools.Views(second, parameters));
    }
}
