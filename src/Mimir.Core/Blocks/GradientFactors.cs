namespace Mimir.Core.Blocks;

/// <summary>Parameters of a block that are the columns of one matrix, whose gradient is a product over the rows of a batch.</summary>
/// <param name="Parameters">
/// Their indices in <see cref="Block.Parameters"/>: matrices of as many rows, side by side; a vector is the last column.
/// </param>
/// <param name="Outputs">The rows of the matrix, O.</param>
/// <param name="Inputs">Its columns, D, with the vector's.</param>
internal sealed record FactoredParameters(IReadOnlyList<int> Parameters, int Outputs, int Inputs)
{
    /// <summary>True when the last column is a vector, whose input is 1.</summary>
    public bool HasBias { get; init; }

    /// <summary>True when the block keeps no factors, and natural gradient goes by the gradient itself, as nnet3's convolution.</summary>
    public bool OfGradient { get; init; }
}

/// <summary>The factors of the gradient of a matrix: dW = derivativesᵀ [inputs, 1].</summary>
/// <param name="Inputs">Matrices of N rows, whose columns side by side are those of the matrix but for the vector's.</param>
/// <param name="Derivatives"><c>[N, O]</c>; may be overwritten.</param>
internal readonly record struct GradientFactors(IReadOnlyList<Tensor> Inputs, Tensor Derivatives);
