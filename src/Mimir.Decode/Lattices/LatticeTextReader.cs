using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices;

/// <summary>
/// Reads lattices in Kaldi's text form: <c>from to input word graph,acoustic</c> or <c>from to word graph,acoustic,ids</c> with
/// ids as <c>2_1_1</c>; an end is <c>state</c> with or without its weight. A weight that is left out is that of the empty path. The
/// first line has the start state; an empty line ends the lattice.
/// </summary>
internal static class LatticeTextReader
{
    /// <summary>Reads a lattice, of which the line of its key is left.</summary>
    /// <exception cref="InputException">A line has another form, or the arcs form a cycle.</exception>
    public static LatticeFile Read(KaldiReader reader, bool words)
    {
        if (ReadLine(reader).Length > 0)
            throw reader.Error("expected the lattice to begin on a line of its own.");

        var lines = new List<Line>();
        while (ReadLine(reader) is { Length: > 0 } fields)
            lines.Add(Parse(reader, fields));

        var isLattice = lines.TrueForAll(line => line.FitsLattice);
        var isWords = lines.TrueForAll(line => line.FitsWords);
        if (!isLattice && !isWords)
            throw reader.Error("expected the lines of one kind of lattice, got some of each.");

        var states = Number(lines);
        return isWords && (words || !isLattice)
            ? new LatticeFile(null, LatticeReader.Build(reader, () => Words(lines, states)))
            : new LatticeFile(LatticeReader.Build(reader, () => Transitions(lines, states)), null);
    }

    // Alignments make words of any length.
    private static string[] ReadLine(KaldiReader reader)
    {
        var line = new StringBuilder();
        for (int next; (next = reader.ReadByte()) is not (-1 or '\n');)
            line.Append((char)next);

        return line.ToString().Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
    }

    // States are numbered in the order of their numbers in the file, which may have gaps.
    private static Dictionary<int, int> Number(List<Line> lines)
    {
        var states = new Dictionary<int, int>();
        foreach (var state in lines.SelectMany(line => line.IsArc ? new[] { line.From, line.To } : [line.From]).Distinct().Order())
            states.Add(state, states.Count);

        return states;
    }

    private static Lattice Transitions(List<Line> lines, Dictionary<int, int> states)
    {
        var builder = new LatticeBuilder { Start = lines.Count > 0 ? states[lines[0].From] : 0 };
        foreach (var _ in states)
            builder.AddState();

        foreach (var line in lines)
        {
            if (line.IsArc)
                builder.AddArc(states[line.From], new LatticeArc(line.First, line.Second, line.Weight, states[line.To]));
            else
                builder.SetFinal(states[line.From], line.Weight);
        }

        return builder.Build(keepOrder: true);
    }

    private static WordLattice Words(List<Line> lines, Dictionary<int, int> states)
    {
        var builder = new WordLatticeBuilder { Start = lines.Count > 0 ? states[lines[0].From] : 0 };
        foreach (var _ in states)
            builder.AddState();

        foreach (var line in lines)
        {
            if (line.IsArc)
                builder.AddArc(states[line.From], new WordArc(line.First, line.Weight, line.Alignment ?? [], states[line.To]));
            else
                builder.SetFinal(states[line.From], line.Weight, line.Alignment ?? []);
        }

        return builder.Build(keepOrder: true);
    }

    private static Line Parse(KaldiReader reader, string[] fields)
    {
        if (fields.Length > 5)
            throw Bad(reader, fields);

        var isArc = fields.Length > 2;
        var hasWeight = fields[^1].Contains(',', StringComparison.Ordinal);
        var integers = fields.Length - (hasWeight ? 1 : 0);
        var numbers = new int[4];
        for (var i = 0; i < integers; i++)
        {
            if (i == 4 || !int.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                throw Bad(reader, fields);
        }

        // An end has one number, an arc of words three, an arc of transitions four.
        if (integers != (isArc ? integers == 4 ? 4 : 3 : 1))
            throw Bad(reader, fields);

        var (weight, alignment) = hasWeight ? Weight(reader, fields, final: !isArc) : (LatticeWeight.One, null);
        return new Line(numbers, isArc, integers, hasWeight, weight, alignment);
    }

    private static (LatticeWeight Weight, int[]? Alignment) Weight(KaldiReader reader, string[] fields, bool final)
    {
        var parts = fields[^1].Split(',');
        if (parts.Length > 3 || !TryCost(parts[0], out var graph) || !TryCost(parts[1], out var acoustic))
            throw Bad(reader, fields);

        var weight = new LatticeWeight(graph, acoustic);
        if (!weight.IsFinite && !(final && weight == LatticeWeight.Zero))
            throw reader.Error($"expected two finite costs, got '{KaldiReader.Printable(fields[^1])}'.");

        if (parts.Length < 3)
            return (weight, null);

        var ids = parts[2].Length == 0 ? [] : parts[2].Split('_');
        var alignment = new int[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            if (!int.TryParse(ids[i], NumberStyles.None, CultureInfo.InvariantCulture, out alignment[i]) || alignment[i] == 0)
                throw Bad(reader, fields);
        }

        return (weight, alignment);
    }

    private static bool TryCost(string text, out float cost)
    {
        if (text == "Infinity")
        {
            cost = float.PositiveInfinity;
            return true;
        }

        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out cost);
    }

    private static InputException Bad(KaldiReader reader, string[] fields) => reader.Error(
        $"expected an arc or an end of a lattice, got '{KaldiReader.Printable(string.Join(' ', fields))}'.");

    private sealed record Line(int[] Numbers, bool IsArc, int Integers, bool HasWeight, LatticeWeight Weight, int[]? Alignment)
    {
        public int From => Numbers[0];

        public int To => Numbers[1];

        public int First => Numbers[2];

        public int Second => Numbers[3];

        public bool FitsLattice => Alignment is null && (!IsArc || Integers == 4);

        public bool FitsWords => (Alignment is not null || !HasWeight) && (!IsArc || Integers == 3);
    }
}
