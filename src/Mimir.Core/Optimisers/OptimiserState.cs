using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>Brings an optimiser's vectors back from a checkpoint.</summary>
internal static class OptimiserState
{
    /// <summary>Copies a saved vector beside the parameters.</summary>
    /// <exception cref="InputException">It has not one element a parameter.</exception>
    public static Tensor ToDevice(string key, HostTensor saved, ParameterStore parameters) => saved.Values.Length == parameters.Count
        ? Tensor.From(parameters.Values.Device, saved.Values, [parameters.Count], parameters.Values.Type)
        : throw new InputException($"expected {parameters.Count} values in '{key}', got {saved.Values.Length}: it belongs to another model");
}
