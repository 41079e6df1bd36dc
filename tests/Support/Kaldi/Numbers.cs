using System.Globalization;

namespace Mimir.Tests.Support;

/// <summary>Compares text files of Kaldi's word by word.</summary>
internal static class Numbers
{
    /// <summary>Compares two files: words must be equal, numbers may differ.</summary>
    /// <param name="expected">The one file.</param>
    /// <param name="actual">The other.</param>
    /// <returns>The largest difference of two numbers, relative to the larger of 1 and the number.</returns>
    public static double LargestDifference(string expected, string actual) =>
        Compare(File.ReadAllText(expected), File.ReadAllText(actual)).Largest;

    /// <summary>Compares two texts as <see cref="LargestDifference"/> does.</summary>
    /// <returns>The number of numbers and the largest difference.</returns>
    public static (int Count, double Largest) Compare(string expected, string actual)
    {
        var (wanted, got) = (Words(expected), Words(actual));
        Assert.Equal(wanted.Length, got.Length);
        var (count, largest) = (0, 0.0);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (!double.TryParse(wanted[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                Assert.Equal(wanted[i], got[i]);
                continue;
            }

            var other = double.Parse(got[i], CultureInfo.InvariantCulture);
            count++;
            largest = Math.Max(largest, Math.Abs(number - other) / Math.Max(1, Math.Abs(number)));
        }

        return (count, largest);
    }

    private static string[] Words(string text) => text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
