using System.Numerics;

namespace Mimir.Decode.Lattices.Sequence;

/// <summary>The log-likelihoods of an utterance: outputs of a network before its softmax, less log priors.</summary>
/// <typeparam name="T">The type of the outputs.</typeparam>
/// <remarks>
/// The logarithm of the softmax's sum is left out: all paths through a frame share it, so that no criterion changes.
/// </remarks>
/// <param name="values">The outputs of a batch, <c>[N, columns]</c>, row-major.</param>
/// <param name="columns">The outputs of a frame, one a pdf.</param>
/// <param name="rows">The row of each frame of the utterance.</param>
/// <param name="logPriors">What is subtracted, one a pdf; empty for nothing.</param>
public readonly ref struct OutputRows<T>(
    ReadOnlySpan<T> values, int columns, ReadOnlySpan<int> rows, ReadOnlySpan<float> logPriors = default)
    where T : struct, IFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<T> _values = values;
    private readonly ReadOnlySpan<int> _rows = rows;
    private readonly ReadOnlySpan<float> _logPriors = logPriors;

    /// <summary>Gets the outputs of a frame.</summary>
    public int Columns { get; } = columns;

    /// <summary>Gets the frames of the utterance.</summary>
    public int Frames => _rows.Length;

    /// <summary>Gets the log-likelihood of a pdf in a frame.</summary>
    public double this[int frame, int pdf] =>
        double.CreateTruncating(_values[Index(frame, pdf)]) - (_logPriors.IsEmpty ? 0 : _logPriors[pdf]);

    /// <summary>The place of a pdf's output in the batch, and of its gradient.</summary>
    internal int Index(int frame, int pdf) => (_rows[frame] * Columns) + pdf;
}
