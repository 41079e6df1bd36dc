using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <summary>Memory for the activations and gradients of a batch: allocated for the largest seen, lent as views.</summary>
/// <remarks>A tail batch of another size costs new views, not new memory.</remarks>
internal sealed class BatchBuffers(IReadOnlyList<int> dims, Device device, ElementType type) : IDisposable
{
    // The batch, its tail, and the same of cross-validation.
    private const int KeptSizes = 4;

    private readonly List<(int Rows, Tensor[] Views)> _lent = [];
    private Tensor[] _memory = [];
    private int _capacity;

    /// <summary>A <c>[rows, dims[i]]</c> tensor for each dimension; it belongs to this object.</summary>
    public IReadOnlyList<Tensor> For(int rows)
    {
        for (var i = _lent.Count - 1; i >= 0; i--)
        {
            if (_lent[i].Rows == rows)
                return _lent[i].Views;
        }

        if (rows > _capacity)
        {
            Dispose();
            _memory = [.. dims.Select(dim => Tensor.Zeros(device, [rows, dim], type))];
            _capacity = rows;
        }
        else if (_lent.Count == KeptSizes)
        {
            Release(_lent[0].Views);
            _lent.RemoveAt(0);
        }

        Tensor[] views = [.. _memory.Select(memory => memory.RowRange(0, rows))];
        _lent.Add((rows, views));
        return views;
    }

    public void Dispose()
    {
        foreach (var (_, views) in _lent)
            Release(views);

        _lent.Clear();
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
