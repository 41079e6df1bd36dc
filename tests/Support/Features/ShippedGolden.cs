using System.Globalization;

namespace Mimir.Tests.Support;

/// <summary>A golden in <c>Goldens/</c>: a wave, and what Kaldi made of it with some options.</summary>
internal sealed record ShippedGolden(float[] Wave, string[] Options, float[][] Rows)
{
    /// <summary>Reads the goldens of one of Kaldi's tools.</summary>
    public static IReadOnlyList<ShippedGolden> Of(string tool)
    {
        float[] wave = [];
        var goldens = new List<(string[] Options, List<float[]> Rows)>();
        foreach (var line in File.ReadLines(Path.Combine(SharedData.Checkout, "tests", "Mimir.Features.Tests", "Goldens", tool + ".txt")))
        {
            var words = line.Split(' ');
            if (words[0] == "wave")
                wave = Numbers(words);
            else if (words[0] == "options")
                goldens.Add((words[1..], []));
            else if (words[0] == "row")
                goldens[^1].Rows.Add(Numbers(words));
        }

        return [.. goldens.Select(g => new ShippedGolden(wave, g.Options, [.. g.Rows]))];
    }

    private static float[] Numbers(string[] words) =>
        [.. words.Skip(1).Select(w => float.Parse(w, CultureInfo.InvariantCulture))];

}
