using System.Globalization;
using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices;

/// <summary>
/// Writes lattices as Kaldi does: OpenFst's vector form with Kaldi's weights, or lines of text behind an empty one and before one.
/// </summary>
internal static class LatticeWriter
{
    // kExpanded | kMutable: the two properties that every vector file states.
    private const long Properties = 3;

    public static void Write(KaldiWriter writer, Lattice lattice)
    {
        if (!writer.Binary)
        {
            writer.WriteText(Text(lattice));
            return;
        }

        using var bytes = new MemoryStream();
        using var data = new BinaryWriter(bytes);
        WriteHeader(data, "lattice4", lattice.StateCount);
        for (var state = 0; state < lattice.StateCount; state++)
        {
            WriteWeight(data, lattice.Final(state));
            data.Write((long)lattice.Arcs(state).Length);
            foreach (ref readonly var arc in lattice.Arcs(state))
            {
                data.Write(arc.Input);
                data.Write(arc.Word);
                WriteWeight(data, arc.Weight);
                data.Write(arc.Next);
            }
        }

        writer.WriteRaw(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    public static void Write(KaldiWriter writer, WordLattice lattice)
    {
        if (!writer.Binary)
        {
            writer.WriteText(Text(lattice));
            return;
        }

        using var bytes = new MemoryStream();
        using var data = new BinaryWriter(bytes);
        WriteHeader(data, "compactlattice44", lattice.StateCount);
        for (var state = 0; state < lattice.StateCount; state++)
        {
            WriteWeight(data, lattice.Final(state), lattice.FinalAlignment(state));
            data.Write((long)lattice.Arcs(state).Length);
            foreach (var arc in lattice.Arcs(state))
            {
                data.Write(arc.Word);
                data.Write(arc.Word);
                WriteWeight(data, arc.Weight, arc.Alignment);
                data.Write(arc.Next);
            }
        }

        writer.WriteRaw(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private static void WriteHeader(BinaryWriter data, string arcType, int states)
    {
        data.Write(LatticeReader.Magic);
        foreach (var text in (ReadOnlySpan<string>)["vector", arcType])
        {
            data.Write(text.Length);
            data.Write(Encoding.ASCII.GetBytes(text));
        }

        data.Write(2);
        data.Write(0);
        data.Write(Properties);
        data.Write(states == 0 ? -1L : 0L);
        data.Write((long)states);
        data.Write(0L); // Kaldi leaves the number of arcs out, too
    }

    private static void WriteWeight(BinaryWriter data, LatticeWeight weight)
    {
        data.Write(weight.Graph);
        data.Write(weight.Acoustic);
    }

    private static void WriteWeight(BinaryWriter data, LatticeWeight weight, ReadOnlySpan<int> alignment)
    {
        WriteWeight(data, weight);
        data.Write(alignment.Length);
        foreach (var transition in alignment)
            data.Write(transition);
    }

    private static string Text(Lattice lattice)
    {
        var text = new StringBuilder("\n");
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (ref readonly var arc in lattice.Arcs(state))
            {
                text.Append(CultureInfo.InvariantCulture, $"{state}\t{arc.Next}\t{arc.Input}\t{arc.Word}");
                AppendWeight(text, arc.Weight, []);
            }

            if (!lattice.Final(state).IsZero)
            {
                text.Append(CultureInfo.InvariantCulture, $"{state}");
                AppendWeight(text, lattice.Final(state), []);
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Text(WordLattice lattice)
    {
        var text = new StringBuilder("\n");
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state))
            {
                text.Append(CultureInfo.InvariantCulture, $"{state}\t{arc.Next}\t{arc.Word}");
                AppendWeight(text, arc.Weight, arc.Alignment, words: true);
            }

            if (!lattice.Final(state).IsZero)
            {
                text.Append(CultureInfo.InvariantCulture, $"{state}");
                AppendWeight(text, lattice.Final(state), lattice.FinalAlignment(state), words: true);
            }
        }

        return text.Append('\n').ToString();
    }

    // The weight of the empty path is left out; C++ prints 6 digits.
    private static void AppendWeight(StringBuilder text, LatticeWeight weight, ReadOnlySpan<int> alignment, bool words = false)
    {
        if (weight != LatticeWeight.One || alignment.Length > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"\t{weight.Graph:g6},{weight.Acoustic:g6}");
            for (var i = 0; i < alignment.Length; i++)
                text.Append(i == 0 ? ',' : '_').Append(alignment[i]);

            if (words && alignment.Length == 0)
                text.Append(',');
        }

        text.Append('\n');
    }
}
