using System.Globalization;
using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Graphs;

/// <summary>
/// The text form of a transducer with numbers for labels, as <c>fstprint</c> writes it: a line for each arc, <c>from to input output
/// [cost]</c>, and for each final state, <c>state [cost]</c>. The first state is the start.
/// </summary>
public static class FstText
{
    private const int MostFields = 5;
    private const int Ahead = 1 << 16;

    /// <summary>Formats a transducer; costs have 6 significant digits.</summary>
    public static string Write(IFst fst)
    {
        var text = new StringBuilder();
        if (fst.Start < 0)
            return "";

        WriteState(text, fst, fst.Start);
        for (var state = 0; state < fst.StateCount; state++)
        {
            if (state != fst.Start)
                WriteState(text, fst, state);
        }

        return text.ToString();
    }

    /// <summary>Reads lines up to an empty one or the end of the data.</summary>
    /// <exception cref="Mimir.Base.InputException">A line has another form, or names a state beyond what the data warrants.</exception>
    public static VectorFst Read(KaldiReader reader)
    {
        var fst = new VectorFst();
        while (reader.ReadWordLine() is { Length: > 0 } fields)
        {
            if (fields.Length == 3 || fields.Length > MostFields)
                throw reader.Error($"expected 'from to input output [cost]' or 'state [cost]', got {fields.Length} fields");

            var state = State(reader, fst, fields[0]);
            if (fst.Start < 0)
                fst.Start = state;
            if (fields.Length <= 2)
            {
                fst.SetFinal(state, Cost(reader, fields, 1, finite: false));
                continue;
            }

            var next = State(reader, fst, fields[1]);
            var arc = new FstArc(Number(reader, fields[2]), Number(reader, fields[3]), Cost(reader, fields, 4, finite: true), next);
            fst.AddArc(state, arc);
        }

        return fst;
    }

    /// <summary>Formats a cost as OpenFst prints it.</summary>
    internal static string Format(float cost) =>
        float.IsPositiveInfinity(cost) ? "Infinity" : ((double)cost).ToString("g6", CultureInfo.InvariantCulture);

    private static void WriteState(StringBuilder text, IFst fst, int state)
    {
        foreach (ref readonly var arc in fst.Arcs(state))
        {
            text.Append(CultureInfo.InvariantCulture, $"{state}\t{arc.Next}\t{arc.Input}\t{arc.Output}");
            text.Append(arc.Weight == 0 ? "\n" : $"\t{Format(arc.Weight)}\n");
        }

        var final = fst.Final(state);
        if (!float.IsPositiveInfinity(final))
            text.Append(CultureInfo.InvariantCulture, $"{state}").Append(final == 0 ? "\n" : $"\t{Format(final)}\n");
    }

    // A number far beyond the data so far is damaged, and must not fill the memory.
    private static int State(KaldiReader reader, VectorFst fst, string text)
    {
        var state = Number(reader, text);
        if (state > reader.Position + Ahead)
            throw reader.Error($"expected the number of a state, got {state}: so many states do not fit in the data so far");

        while (state >= fst.StateCount)
            fst.AddState();

        return state;
    }

    private static int Number(KaldiReader reader, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw reader.Error($"expected a whole number from 0, got '{KaldiReader.Printable(text)}'");

    private static float Cost(KaldiReader reader, string[] fields, int index, bool finite)
    {
        if (index >= fields.Length)
            return 0;
        if (!finite && fields[index] == "Infinity")
            return float.PositiveInfinity;

        return float.TryParse(fields[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var cost) && float.IsFinite(cost)
            ? cost
            : throw reader.Error($"expected a cost, got '{KaldiReader.Printable(fields[index])}'");
    }
}
