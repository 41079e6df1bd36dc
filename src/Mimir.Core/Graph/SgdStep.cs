using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Graph;

/// <summary>One step of stochastic gradient descent on one parameter, by nnet1's rule.</summary>
/// <param name="Rate">The learning rate.</param>
/// <param name="Momentum">The share of the last correction.</param>
/// <param name="Clip">The largest magnitude of an element of the correction; 0 is no limit.</param>
/// <param name="L1">The amount by which values shrink towards 0.</param>
/// <param name="Decay">The share of values that is taken away.</param>
internal readonly record struct SgdStep(double Rate, double Momentum, double Clip, double L1, double Decay)
{
    /// <summary>Moves a parameter.</summary>
    /// <param name="value">The parameter.</param>
    /// <param name="gradient">Its gradient, in the same shape.</param>
    /// <param name="correction">The correction of the steps before, which is kept; null without momentum.</param>
    public void Apply(Tensor value, Tensor gradient, Tensor? correction)
    {
        if (Kernels.Take(value))
        {
            Kernels.Check(Kernels.mimir_sgd_step(value.Count, value, gradient, correction, Rate, Momentum, Clip, L1, Decay));
            return;
        }

        using var scope = torch.NewDisposeScope();
        var own = correction?.mul_(Scalars.Of(Momentum)).Accumulate(gradient) ?? gradient.clone();
        if (Clip > 0)
            own.clamp_(Scalars.Of(-Clip), Scalars.Of(Clip));
        if (Decay != 0)
            value.mul_(Scalars.Of(1 - Decay));
        if (L1 != 0)
        {
            // A weight whose sign the step would change stops at 0, and its correction as well.
            var shrunk = value - (value.sign() * Scalars.Of(L1));
            var zero = Scalars.Of(0);
            var stops = (value != zero).logical_and((shrunk - (own * Scalars.Of(Rate)) > zero) != (value > zero));
            own.masked_fill_(stops, zero);
            value.copy_(shrunk.masked_fill_(stops, zero));
        }

        value.add_(own, alpha: Scalars.Of(-Rate));
    }
}
