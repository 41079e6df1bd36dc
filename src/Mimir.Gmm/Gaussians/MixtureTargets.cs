namespace Mimir.Gmm.Gaussians;

/// <summary>
/// Shares a number of Gaussians out among pdfs by a power of their occupancies (Kaldi: <c>GetSplitTargets</c>): one for each pdf,
/// and each further one to the pdf with the most for each Gaussian that it has.
/// </summary>
internal static class MixtureTargets
{
    /// <summary>Shares Gaussians out.</summary>
    /// <param name="occupancies">The frames of each pdf.</param>
    /// <param name="total">The number of Gaussians of all pdfs.</param>
    /// <param name="power">The power.</param>
    /// <param name="minCount">The least frames for each Gaussian of a pdf with more than one.</param>
    /// <param name="warn">Receives a line when there are too few frames for all Gaussians; null drops it.</param>
    /// <returns>The number of Gaussians of each pdf.</returns>
    public static int[] Of(ReadOnlySpan<float> occupancies, int total, float power, float minCount, Action<string>? warn)
    {
        var queue = new MaximumHeap(occupancies.Length);
        for (var pdf = 0; pdf < occupancies.Length; pdf++)
            queue.Push(new Share(pdf, 1, (float)Math.Pow(occupancies[pdf], power)));

        var targets = new int[occupancies.Length];
        Array.Fill(targets, 1);
        for (var gaussians = occupancies.Length; gaussians < total;)
        {
            if (queue.Top.Occupancy == 0)
            {
                warn?.Invoke(FormattableString.Invariant(
                    $"Could not split up to {total} due to min-count = {minCount} (or no counts at all)"));
                break;
            }

            var share = queue.Pop();
            if ((share.Gaussians + 1) * minCount >= occupancies[share.Pdf])
            {
                queue.Push(share with { Occupancy = 0 });
                continue;
            }

            queue.Push(share with { Gaussians = share.Gaussians + 1 });
            targets[share.Pdf]++;
            gaussians++;
        }

        return targets;
    }

    /// <summary>The Gaussians of a pdf so far.</summary>
    private readonly record struct Share(int Pdf, int Gaussians, float Occupancy)
    {
        public double Priority => Occupancy / (Gaussians + 1e-10);
    }

    /// <summary>A binary heap that breaks ties as that of the GNU C++ library does, so that equal pdfs get what Kaldi gives them.</summary>
    private sealed class MaximumHeap(int capacity)
    {
        private readonly List<Share> _items = new(capacity);

        public Share Top => _items[0];

        public void Push(Share item)
        {
            _items.Add(item);
            Rise(_items.Count - 1, item);
        }

        // The hole at the top sinks to a leaf along the larger children, and the last item rises from there.
        public Share Pop()
        {
            var top = _items[0];
            var last = _items[^1];
            _items.RemoveAt(_items.Count - 1);
            if (_items.Count == 0)
                return top;

            var hole = 0;
            for (int child; (child = 2 * (hole + 1)) <= _items.Count; hole = child)
            {
                if (child == _items.Count || _items[child].Priority < _items[child - 1].Priority)
                    child--;

                _items[hole] = _items[child];
            }

            Rise(hole, last);
            return top;
        }

        private void Rise(int hole, Share item)
        {
            for (int parent; hole > 0 && _items[parent = (hole - 1) / 2].Priority < item.Priority; hole = parent)
                _items[hole] = _items[parent];

            _items[hole] = item;
        }
    }
}
