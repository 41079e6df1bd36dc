using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <summary>All parameters of a graph in one flat buffer, and their gradients in another.</summary>
/// <remarks>
/// A bucket of gradients to reduce is a range of <see cref="Gradients"/>, a model average is one vector, a checkpoint one
/// write. Running statistics lie here too; their gradient stays 0.
/// </remarks>
public sealed class ParameterStore : IDisposable
{
    private readonly Tensor[] _values;
    private readonly Tensor[] _gradients;

    internal ParameterStore(IReadOnlyList<ParameterSlice> slices, Device device, ElementType type)
    {
        Slices = slices;
        Count = slices.Count == 0 ? 0 : slices[^1].Offset + slices[^1].Count;
        Values = Tensor.Zeros(device, [Count], type);
        Gradients = Tensor.Zeros(device, [Count], type);
        _values = [.. slices.Select(slice => Values.View(slice.Offset, [.. slice.Shape]))];
        _gradients = [.. slices.Select(slice => Gradients.View(slice.Offset, [.. slice.Shape]))];
    }

    /// <summary>Gets all values, <c>[Count]</c>.</summary>
    public Tensor Values { get; }

    /// <summary>Gets all gradients, <c>[Count]</c>: sums over the frames of the last batch.</summary>
    public Tensor Gradients { get; }

    /// <summary>Gets where each parameter lies, in the order of the nodes.</summary>
    public IReadOnlyList<ParameterSlice> Slices { get; }

    /// <summary>Gets the number of elements.</summary>
    public long Count { get; }

    /// <summary>The view on one parameter's values, in its shape. It belongs to the store.</summary>
    /// <param name="slice">The index in <see cref="Slices"/>.</param>
    public Tensor ValueOf(int slice) => _values[slice];

    /// <summary>The view on one parameter's gradient, in its shape. It belongs to the store.</summary>
    /// <param name="slice">The index in <see cref="Slices"/>.</param>
    public Tensor GradientOf(int slice) => _gradients[slice];

    /// <summary>Copies all values to the host.</summary>
    /// <param name="values">Room for exactly <see cref="Count"/> values.</param>
    public void CopyTo(Span<float> values) => Values.CopyTo(values);

    /// <summary>Replaces all values.</summary>
    /// <param name="values">Exactly <see cref="Count"/> values.</param>
    public void CopyFrom(ReadOnlySpan<float> values) => Values.CopyFrom(values);

    /// <summary>Whether no value is NaN or infinite.</summary>
    public bool IsFinite() => Values.IsFinite();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var view in _values)
            view.Dispose();
        foreach (var view in _gradients)
            view.Dispose();
        Values.Dispose();
        Gradients.Dispose();
    }
}
