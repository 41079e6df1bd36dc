using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;

namespace Mimir.Core.Optimisers;

/// <summary>Moves parameters by their gradients, and remembers what it must between steps.</summary>
public interface IOptimiser
{
    /// <summary>Takes one step with the gradients in the store, which are sums over frames. Gradients may be overwritten.</summary>
    /// <param name="parameters">Always the same store.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="frames">The frames that the gradients are sums over; nnet1's decay grows with them.</param>
    void Step(ParameterStore parameters, double rate, int frames);

    /// <summary>Forgets the past, as nnet1 does at the start of an epoch.</summary>
    void Reset();

    /// <summary>What a checkpoint must keep; empty when there is no past.</summary>
    IReadOnlyDictionary<string, HostTensor> SaveState();

    /// <summary>Goes on from a checkpoint.</summary>
    /// <param name="state">What <see cref="SaveState"/> gave.</param>
    /// <param name="parameters">The store that the steps will be taken in.</param>
    /// <exception cref="InputException">The state is not of this optimiser or not of this size.</exception>
    void LoadState(IReadOnlyDictionary<string, HostTensor> state, ParameterStore parameters);
}
