using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>Stochastic gradient descent as nnet1 does it: the gradient is summed over the minibatch.</summary>
public sealed record SgdOptions : OptimiserOptions
{
    /// <summary>The learning rate at the start, for the gradient of one frame.</summary>
    public override double Rate { get; init; } = 0.008;

    /// <summary>The share of the last step that goes into the next.</summary>
    [Option("momentum", Min = 0, Max = 1, MaxExcluded = true)]
    public double Momentum { get; init; }

    /// <summary>Weight decay: each frame takes rate * l2 * W from the weights.</summary>
    [Option("l2", Min = 0)]
    public double WeightDecay { get; init; }

    /// <summary>L1 penalty: each frame takes rate * l1 * sign(W) from the weights, stopping at 0.</summary>
    [Option("l1", Min = 0)]
    public double L1 { get; init; }

    /// <summary>The largest magnitude of an element of the gradient of a step; 0 is no limit.</summary>
    [Option("max-gradient", Min = 0)]
    public double MaxGradient { get; init; }

    /// <summary>The largest norm of the whole gradient of a step, which is scaled down to it; 0 is no limit.</summary>
    [Option("max-gradient-norm", Min = 0)]
    public double MaxGradientNorm { get; init; }

    /// <summary>True when <see cref="FusedStep"/> does the same: no momentum, decay or clipping.</summary>
    public bool IsPlain => this == new SgdOptions { Rate = Rate };

    /// <inheritdoc/>
    public override IOptimiser Create() => new Sgd(this);
}

/// <summary>Stochastic gradient descent by nnet1's rule.</summary>
/// <remarks>
/// With r = rate * RateFactor of the parameter and the gradient g summed over frames:
/// <code>
/// c = momentum c + g, each element cut to ±GradClip and kept so
/// W = W - r weight-decay frames W                               weights only
/// W = W shrunk towards 0 by r l1 frames                         weights only
/// W = W - r c, then rows longer than MaxNorm scaled back to it
/// </code>
/// </remarks>
/// <param name="options">Momentum, decay and clipping; the rate comes with each step.</param>
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
        OptimiserTools.Clip(parameters.Gradients, (float)Options.MaxGradient, (float)Options.MaxGradientNorm);
        var (momentum, l1, decay) = ((float)Options.Momentum, (float)Options.L1, (float)Options.WeightDecay);
        if (momentum != 0 && _correction is null)
            SetCorrection(OptimiserTools.Zeros(parameters), parameters);

        for (var i = 0; i < parameters.Slices.Count; i++)
        {
            var slice = parameters.Slices[i];
            if (!slice.IsTrained)
                continue;

            var own = rate * slice.RateFactor;
            var step = new SgdStep(
                own, momentum * slice.MomentumFactor, slice.GradClip, own * l1 * frames * slice.DecayFactor,
                own * decay * frames * slice.DecayFactor);
            step.Apply(parameters.ValueOf(i), parameters.GradientOf(i), _correction is null ? null : _views[i]);
            if (slice.MaxNorm > 0)
                MaxNorm.Limit(parameters.ValueOf(i), slice.MaxNorm);
        }
    }

    /// <inheritdoc/>
    public void Reset() => _correction?.fill_(Scalars.Of(0));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, HostTensor> SaveState() => _correction is null
        ? new Dictionary<string, HostTensor>()
        : new Dictionary<string, HostTensor> { [Key] = HostTensor.From(_correction) };

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, HostTensor> state, ParameterStore parameters)
    {
        Dispose();
        if (state.TryGetValue(Key, out var saved))
            SetCorrection(OptimiserTools.Load(Key, saved, parameters), parameters);
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

    private void SetCorrection(Tensor correction, ParameterStore parameters) =>
        (_correction, _views) = (correction, OptimiserTools.Views(correction, parameters));
}
