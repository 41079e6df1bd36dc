using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <summary>Memory for the activations or gradients of a batch: allocated for the largest so far, returned as views.</summary>
/// <remarks>A last batch of another size needs new views, no new memory.</remarks>
internal sealed class BatchBuffers(IReadOnlyList<int> dims, Device device, ScalarType type) : IDisposable
{
    // The batch, its tail, and the same of cross-validation.
    private const int KeptSizes = 4;

    private readonly List<(int Rows, Tensor[] Views)> _views = [];
    private Tensor[] _memory = [];
    private int _capacity;

    /// <summary>A <c>[rows, dims[i]]</c> tensor for each dimension; it belongs to this object.</summary>
    public IReadOnlyList<Tensor> For(int rows)
    {
        for (var i = _views.Count - 1; i >= 0; i--)
        {
            if (_views[i].Rows == rows)
                return _views[i].Views;
        }

        if (rows > _capacity)
        {
            Dispose();
            _memory = [.. dims.Select(dim => Tensor.Zeros(device, [rows, dim], type))];
            _capacity = rows;
        }
        else if (_views.Count == KeptSizes)
        {
            Release(_views[0].Views);
            _views.RemoveAt(0);
        }

        Tensor[] views = [.. _memory.Select(memory => memory.RowRange(0, rows))];
        _views.Add((rows, views));
        return views;
    }

    public void Dispose()
    {
        foreach (var (_, views) in _views)
            Release(views);

        _views.Clear();
        Release(_memory);
        _memory = [];
        _capacity = 0;
    }

    private static void Release(Tensor[] tensors)
    {
        foreach (var tensor in tensors)
            tensor.Dispose();
    }
}
