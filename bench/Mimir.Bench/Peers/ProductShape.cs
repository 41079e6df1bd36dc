namespace Mimir.Bench.Peers;

/// <summary>One matrix product of a training step: <c>[Rows, Inner] x [Inner, Columns]</c>.</summary>
/// <param name="Phase">What it is for.</param>
/// <param name="TransposeLeft">Whether the left matrix is stored as <c>[Inner, Rows]</c>.</param>
/// <param name="TransposeRight">Whether the right matrix is stored as <c>[Columns, Inner]</c>.</param>
/// <param name="Rows">The rows of the product.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Inner">The length of the sums.</param>
/// <param name="Times">How often a step makes it.</param>
internal sealed record ProductShape(string Phase, bool TransposeLeft, bool TransposeRight, int Rows, int Columns, int Inner, int Times = 1)
{
    public const string Forward = "forward", InputGradient = "input gradient", WeightGradient = "weight gradient", Recurrent = "recurrent";

    /// <summary>Gets the floating-point operations of one such product.</summary>
    public double Flops => 2.0 * Rows * Columns * Inner;

    /// <summary>The products of a layer of weights <c>[outputs, inputs]</c> on a batch.</summary>
    /// <param name="inputs">The layer's inputs.</param>
    /// <param name="outputs">The layer's outputs.</param>
    /// <param name="batch">The frames.</param>
    /// <param name="first">Whether no layer below wants a gradient.</param>
    public static IEnumerable<ProductShape> OfLayer(int inputs, int outputs, int batch, bool first)
    {
        yield return new(Forward, false, true, batch, outputs, inputs);
        if (!first)
            yield return new(InputGradient, false, false, batch, inputs, outputs);
        yield return new(WeightGradient, true, false, outputs, inputs, batch);
    }

    /// <summary>The products of a step of a DNN.</summary>
    /// <param name="dims">The dimensions of the layers, from the input on.</param>
    /// <param name="batch">The frames.</param>
    public static IEnumerable<ProductShape> OfDnn(IReadOnlyList<int> dims, int batch) =>
        Enumerable.Range(0, dims.Count - 1).SelectMany(i => OfLayer(dims[i], dims[i + 1], batch, first: i == 0));

    /// <summary>The products of weights that act step by step, with their gradient over all steps at once.</summary>
    /// <param name="inputs">What the weights take.</param>
    /// <param name="outputs">What they give.</param>
    /// <param name="lengths">The frames of each sequence.</param>
    /// <param name="atOnce">Whether to count all frames as one product, which no recurrence allows: for the rate of large products.</param>
    public static IEnumerable<ProductShape> OfRecurrence(int inputs, int outputs, IReadOnlyList<int> lengths, bool atOnce)
    {
        var rows = Enumerable.Range(0, lengths.Max()).Select(t => lengths.Count(length => length > t));
        foreach (var step in atOnce ? [(lengths.Sum(), 1)] : rows.GroupBy(count => count).Select(group => (group.Key, group.Count())))
        {
            yield return new(Recurrent, false, true, step.Item1, outputs, inputs, step.Item2);
            yield return new(Recurrent, false, false, step.Item1, inputs, outputs, step.Item2);
        }

        yield return new(WeightGradient, true, false, outputs, inputs, lengths.Sum());
    }
}
