namespace Mimir.Decode.Search;

/// <summary>The pruning threshold of a frame: the beam, narrowed or widened by max-active and min-active.</summary>
/// <param name="Cost">Tokens above this cost are pruned.</param>
/// <param name="Beam">The resulting beam, for the next frame.</param>
internal readonly record struct ActiveCutoff(float Cost, float Beam)
{
    /// <summary>Finds the cutoff of a frame.</summary>
    /// <param name="costs">The costs of its tokens; reordered.</param>
    /// <param name="best">The smallest of them.</param>
    /// <param name="options">Beam, max-active, min-active and beam-delta.</param>
    public static ActiveCutoff Find(Span<float> costs, float best, DecoderOptions options)
    {
        var byBeam = best + options.Beam;
        if (costs.Length > options.MaxActive)
        {
            var byMaximum = Quickselect.Smallest(costs, options.MaxActive);
            if (byMaximum < byBeam)
                return new ActiveCutoff(byMaximum, byMaximum - best + options.BeamDelta);
        }

        var byMinimum = float.PositiveInfinity;
        if (costs.Length > options.MinActive)
            byMinimum = options.MinActive == 0 ? best : Quickselect.Smallest(costs, options.MinActive);

        return byMinimum > byBeam
            ? new ActiveCutoff(byMinimum, byMinimum - best + options.BeamDelta)
            : new ActiveCutoff(byBeam, options.Beam);
    }
}

/// <summary>Finds the k-th smallest value in linear time (Hoare).</summary>
internal static class Quickselect
{
    /// <summary>The value that would be at <paramref name="index"/> if the values were sorted; reorders them.</summary>
    public static float Smallest(Span<float> values, int index)
    {
        int low = 0, high = values.Length - 1;
        while (low < high)
        {
            var pivot = Median(values[low], values[(low + high) / 2], values[high]);
            int left = low, right = high;
            while (left <= right)
            {
                while (values[left] < pivot)
                    left++;

                while (values[right] > pivot)
                    right--;

                if (left <= right)
                {
                    (values[left], values[right]) = (values[right], values[left]);
                    left++;
                    right--;
                }
            }

            if (index <= right)
                high = right;
            else if (index >= left)
                low = left;
            else
                break;
        }

        return values[index];
    }

    private static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
