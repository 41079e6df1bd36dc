using System.Globalization;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Tests.Support;

/// <summary>Reads Kaldi's compact lattices in text form.</summary>
internal static class TextLattices
{
    public static Dictionary<string, WordLattice> Read(string path)
    {
        var lattices = new Dictionary<string, WordLattice>();
        var lines = new List<string>();
        var key = "";
        foreach (var line in TextGolden.Lines(path).Append(""))
        {
            if (line.Length == 0 && lines.Count > 0)
                lattices.Add(key, Parse(lines));

            if (line.Length == 0)
                lines = [];
            else if (!line.Contains('\t', StringComparison.Ordinal) && line.EndsWith(' '))
                key = line.Trim();
            else
                lines.Add(line);
        }

        return lattices;
    }

    private static WordLattice Parse(List<string> lines)
    {
        var builder = new WordLatticeBuilder();
        var states = 0;
        foreach (var line in lines)
        {
            var fields = line.Split('\t', StringSplitOptions.RemoveEmptyEntries);
            var numbers = fields.Take(3).Select(f => int.TryParse(f, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
            var isArc = fields.Length >= 3;
            for (; states <= Math.Max(numbers[0], isArc ? numbers[1] : 0); states++)
                builder.AddState();

            var (weight, alignment) = Weight(fields.ElementAtOrDefault(isArc ? 3 : 1));
            if (isArc)
                builder.AddArc(numbers[0], new WordArc(numbers[2], weight, alignment, numbers[1]));
            else
                builder.SetFinal(numbers[0], weight, alignment);
        }

        return builder.Build();
    }

    private static (LatticeWeight Weight, int[] Alignment) Weight(string? text)
    {
        if (text is null)
            return (LatticeWeight.One, []);

        var parts = text.Split(',');
        var alignment = parts[2].Split('_', StringSplitOptions.RemoveEmptyEntries);
        return (
            new LatticeWeight(float.Parse(parts[0], CultureInfo.InvariantCulture), float.Parse(parts[1], CultureInfo.InvariantCulture)),
            Array.ConvertAll(alignment, label => int.Parse(label, CultureInfo.InvariantCulture)));
    }
}
