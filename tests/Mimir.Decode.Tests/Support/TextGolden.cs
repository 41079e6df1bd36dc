using System.Globalization;
using System.IO.Compression;

namespace Mimir.Decode.Tests.Support;

/// <summary>Reads the text forms of Kaldi's outputs that the tests compare with.</summary>
internal static class TextGolden
{
    public static IEnumerable<string> Lines(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionMode.Decompress)
            : file;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>Reads a text archive of matrices.</summary>
    public static Dictionary<string, (float[] Values, int Rows, int Columns)> Matrices(string path)
    {
        var matrices = new Dictionary<string, (float[], int, int)>();
        var key = "";
        var values = new List<float>();
        var rows = 0;
        foreach (var line in Lines(path))
        {
            if (line.Contains('[', StringComparison.Ordinal))
                (key, rows, values) = (line.Split(' ')[0], 0, []);

            if (line.Length == 0)
                continue;

            var numbers = line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..]
                .Split((char[])[' ', ']'], StringSplitOptions.RemoveEmptyEntries);
            if (numbers.Length > 0)
                rows++;

            values.AddRange(numbers.Select(number => float.Parse(number, CultureInfo.InvariantCulture)));
            if (line.Contains(']', StringComparison.Ordinal))
                matrices.Add(key, ([.. values], rows, values.Count / rows));
        }

        return matrices;
    }
}
