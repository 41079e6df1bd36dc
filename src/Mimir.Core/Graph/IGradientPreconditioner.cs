using Mimir.Core.Blocks;
using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <summary>Makes the gradients of matrices from the rows of a batch that they are products of, instead of the blocks.</summary>
public interface IGradientPreconditioner
{
    /// <summary>Prepares for a graph.</summary>
    /// <param name="matrices">The matrices whose gradients it will make.</param>
    /// <param name="device">The device of the graph.</param>
    /// <param name="type">The element type of the graph.</param>
    /// <returns>The elements of <see cref="ParameterStore.Statistics"/> that it needs.</returns>
    long Attach(IReadOnlyList<FactoredMatrix> matrices, Device device, ScalarType type);

    /// <summary>Begins a backward pass: the statistics of the last one are out of date.</summary>
    /// <param name="parameters">The store of the graph.</param>
    void Begin(ParameterStore parameters);

    /// <summary>Makes the gradient of a matrix.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="inputs">The rows <c>[N, …]</c> that go into it, side by side; without the 1 of the bias.</param>
    /// <param name="derivatives">The derivatives at its outputs, <c>[N, O]</c>; they are overwritten.</param>
    /// <param name="parameters">The store of the graph.</param>
    void Precondition(FactoredMatrix matrix, IReadOnlyList<Tensor> inputs, Tensor derivatives, ParameterStore parameters);
}

/// <summary>Parameters that side by side are a matrix <c>[Outputs, Inputs]</c>, whose gradient is a product over rows of a batch.</summary>
/// <param name="Slices">Their indices in <see cref="ParameterStore.Slices"/>.</param>
/// <param name="Outputs">The rows of the matrix.</param>
/// <param name="Inputs">Its columns, with that of the bias.</param>
/// <param name="HasBias">True when the last column is a vector, whose input is 1.</param>
/// <param name="OfGradient">True when only the gradient itself is at hand, after the pass.</param>
public sealed record FactoredMatrix(IReadOnlyList<int> Slices, int Outputs, int Inputs, bool HasBias, bool OfGradient)
{
    /// <summary>The matrix of a block whose first parameter has an index in the store.</summary>
    internal static FactoredMatrix Of(FactoredParameters matrix, int firstSlice) => new(
        [.. matrix.Parameters.Select(parameter => firstSlice + parameter)], matrix.Outputs, matrix.Inputs, matrix.HasBias,
        matrix.OfGradient);
}
