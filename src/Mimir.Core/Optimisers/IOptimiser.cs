using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>An optimiser: moves parameters by their gradients, and keeps its own state between steps.</summary>
public interface IOptimiser
{
    /// <summary>Takes one step with the gradients in the store, which are sums over frames. Gradients may be overwritten.</summary>
    /// <param name="parameters">The store, always the same.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="frames">The frames that the gradients are sums over; nnet1's decay grows with them.</param>
    void Step(ParameterStore parameters, double rate, int frames);

    /// <summary>Clears the state, as nnet1 does at the start of an epoch.</summary>
    void Reset();

    /// <summary>Clears what follows from the direction of earlier steps, where the model was replaced by that of several workers.</summary>
    void ForgetMomentum() => Reset();

    /// <summary>The state for a checkpoint; empty before the first step.</summary>
    IReadOnlyDictionary<string, HostTensor> SaveState();

    /// <summary>Restores the state of a checkpoint.</summary>
    /// <param name="state">The state that <see cref="SaveState"/> returned.</param>
    /// <param name="parameters">The store of the next steps.</param>
    /// <exception cref="InputException">The state belongs to another optimiser or has another size.</exception>
    void LoadState(IReadOnlyDictionary<string, HostTensor> state, ParameterStore parameters);
}

/// <summary>The options of an optimiser; the key of the mapping in a recipe is its kind.</summary>
[Kind("sgd", typeof(SgdOptions))]
[Kind("adam", typeof(AdamOptions))]
[Kind("natural-gradient", typeof(NaturalGradientOptions))]
public abstract record OptimiserOptions
{
    /// <summary>The learning rate at the start.</summary>
    [Option("rate", Min = 0, MinExcluded = true)]
    public abstract double Rate { get; init; }

    /// <summary>Creates the optimiser.</summary>
    public abstract IOptimiser Create();
}

/// <summary>A whole number in two floats, because one alone counts to 2^24 only.</summary>
internal static class WholeNumber
{
    /// <summary>The base of the two digits.</summary>
    public const int Radix = 1 << 20;
}

/// <summary>The parts that optimisers share.</summary>
internal static class OptimiserTools
{
    /// <summary>Clips all gradients in place: first each element, then the norm of all.</summary>
    /// <param name="gradients">The gradients.</param>
    /// <param name="maximum">The largest magnitude of an element; 0 is no limit.</param>
    /// <param name="maximumNorm">The largest norm; 0 is no limit.</param>
    public static void Clip(Tensor gradients, float maximum, float maximumNorm)
    {
        if (maximum > 0)
            gradients.clamp_(Scalars.Of(-maximum), Scalars.Of(maximum));
        if (maximumNorm > 0 && gradients.Norm() is var norm && norm > maximumNorm)
            gradients.mul_(Scalars.Of((float)(maximumNorm / norm)));
    }

    /// <summary>A vector of zeros of the size of the parameters.</summary>
    public static Tensor Zeros(ParameterStore parameters) =>
        Tensor.Zeros(Device.Of(parameters.Values), [parameters.Count], parameters.Values.dtype);

    /// <summary>Copies a saved vector to the device of the parameters.</summary>
    /// <exception cref="InputException">It has another size than the parameters.</exception>
    public static Tensor Load(string key, HostTensor saved, ParameterStore parameters) => saved.Values.Length == parameters.Count
        ? Tensor.From(Device.Of(parameters.Values), saved.Values, [parameters.Count], parameters.Values.dtype)
        : throw new InputException(
            $"expected {parameters.Count} values in '{key}', got {saved.Values.Length}: it belongs to another model");

    /// <summary>Views on a vector, one for each parameter, in its shape.</summary>
    public static Tensor[] Views(Tensor vector, ParameterStore parameters) =>
        [.. parameters.Slices.Select(slice => vector.Window(slice.Offset, [.. slice.Shape]))];
}
