namespace Mimir.Decode.Search;

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
