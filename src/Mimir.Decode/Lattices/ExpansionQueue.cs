using System.Diagnostics.CodeAnalysis;

namespace Mimir.Decode.Lattices;

/// <summary>
/// A binary heap by cost, least first. Equal costs, such as those of homophones, leave it in the order of the C++ library's
/// heap, which decides the first of them in a determinized lattice.
/// </summary>
internal sealed class ExpansionQueue<T>
{
    private readonly List<(double Cost, T Item)> _heap = [];

    public void Enqueue(T item, double cost)
    {
        _heap.Add((cost, item));
        Raise(_heap.Count - 1, (cost, item));
    }

    public bool TryDequeue([MaybeNullWhen(false)] out T item)
    {
        if (_heap.Count == 0)
        {
            item = default;
            return false;
        }

        item = _heap[0].Item;
        var last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (_heap.Count > 0)
            Raise(SinkHole(), last);

        return true;
    }

    /// <summary>Moves the hole at the top down to a leaf, the better child up each time; among equals the right one.</summary>
    private int SinkHole()
    {
        var hole = 0;
        while ((2 * hole) + 2 < _heap.Count)
        {
            var child = (2 * hole) + 2;
            if (_heap[child].Cost > _heap[child - 1].Cost)
                child--;

            _heap[hole] = _heap[child];
            hole = child;
        }

        if ((2 * hole) + 1 < _heap.Count)
        {
            _heap[hole] = _heap[(2 * hole) + 1];
            hole = (2 * hole) + 1;
        }

        return hole;
    }

    private void Raise(int hole, (double Cost, T Item) value)
    {
        while (hole > 0 && _heap[(hole - 1) / 2].Cost > value.Cost)
        {
            _heap[hole] = _heap[(hole - 1) / 2];
            hole = (hole - 1) / 2;
        }

        _heap[hole] = value;
    }
}
