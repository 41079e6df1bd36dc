using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>The text and binary forms of a topology (Kaldi: <c>hmm/hmm-topology.cc</c>).</summary>
internal static class TopologyFormat
{
    /// <summary>The count that begins a binary topology whose self-loops have pdf-classes of their own.</summary>
    private const int Extended = -1;

    public static HmmTopology Read(KaldiReader reader, bool binary)
    {
        reader.ExpectToken("<Topology>");
        try
        {
            return new HmmTopology(binary ? ReadBinary(reader) : ReadText(reader));
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    public static void Write(KaldiWriter writer, HmmTopology topology)
    {
        writer.WriteToken("<Topology>");
        if (writer.Binary)
            WriteBinary(writer, topology);
        else
            WriteText(writer, topology);

        writer.WriteToken("</Topology>");
        writer.WriteNewLine();
    }

    private static List<TopologyEntry> ReadBinary(KaldiReader reader)
    {
        var phones = reader.ReadIntVector(true);
        var entryOfPhone = reader.ReadIntVector(true);
        var count = reader.ReadInt(true);
        var extended = count == Extended;
        if (extended)
            count = reader.ReadInt(true);

        if (phones.Any(phone => phone < 0 || phone >= entryOfPhone.Length || entryOfPhone[phone] < 0 || entryOfPhone[phone] >= count))
            throw reader.Error("expected a topology for each phone, got an index outside the table.");

        var entries = new List<TopologyEntry>();
        for (var entry = 0; entry < count; entry++)
        {
            var states = new List<HmmState>();
            for (var left = reader.ReadInt(true); left > 0; left--)
            {
                var forward = reader.ReadInt(true);
                var loop = extended ? reader.ReadInt(true) : forward;
                var arcs = new List<HmmTransition>();
                for (var arcsLeft = reader.ReadInt(true); arcsLeft > 0; arcsLeft--)
                    arcs.Add(new HmmTransition(reader.ReadInt(true), reader.ReadFloat(true)));

                states.Add(new HmmState(forward, loop, arcs));
            }

            entries.Add(new TopologyEntry([.. phones.Where(phone => entryOfPhone[phone] == entry)], states));
        }

        reader.ExpectToken("</Topology>");
        return entries;
    }

    private static List<TopologyEntry> ReadText(KaldiReader reader)
    {
        var entries = new List<TopologyEntry>();
        for (string token; (token = reader.ReadToken()) != "</Topology>";)
        {
            if (token != "<TopologyEntry>")
                throw reader.Error($"expected <TopologyEntry> or </Topology>, got '{KaldiReader.Printable(token)}'.");

            reader.ExpectToken("<ForPhones>");
            var phones = new List<int>();
            while ((token = reader.ReadToken()) != "</ForPhones>")
                phones.Add(ParseInt(reader, token));

            var states = new List<HmmState>();
            while ((token = reader.ReadToken()) != "</TopologyEntry>")
            {
                if (token != "<State>")
                    throw reader.Error($"expected <State> or </TopologyEntry>, got '{KaldiReader.Printable(token)}'.");

                states.Add(ReadTextState(reader, states.Count));
            }

            entries.Add(new TopologyEntry([.. phones.Order()], states));
        }

        return entries;
    }

    private static HmmState ReadTextState(KaldiReader reader, int expected)
    {
        var number = reader.ReadInt(false);
        if (number != expected)
            throw reader.Error($"expected state {expected}, got {number}.");

        var (forward, loop) = (-1, -1);
        var arcs = new List<HmmTransition>();
        while (true)
        {
            var token = reader.ReadToken();
            switch (token)
            {
                case "<PdfClass>":
                    forward = loop = reader.ReadInt(false);
                    break;
                case "<ForwardPdfClass>":
                    forward = reader.ReadInt(false);
                    break;
                case "<SelfLoopPdfClass>":
                    loop = reader.ReadInt(false);
                    break;
                case "<Transition>":
                    arcs.Add(new HmmTransition(reader.ReadInt(false), reader.ReadFloat(false)));
                    break;
                case "</State>":
                    return new HmmState(forward, loop, arcs);
                default:
                    throw reader.Error($"expected <PdfClass>, <Transition> or </State>, got '{KaldiReader.Printable(token)}'.");
            }
        }
    }

    private static int ParseInt(KaldiReader reader, string token) => int.TryParse(token, out var value)
        ? value
        : throw reader.Error($"expected a phone or </ForPhones>, got '{KaldiReader.Printable(token)}'.");

    private static void WriteBinary(KaldiWriter writer, HmmTopology topology)
    {
        var entryOfPhone = new int[topology.Phones.Count == 0 ? 0 : topology.Phones[^1] + 1];
        Array.Fill(entryOfPhone, -1);
        for (var entry = 0; entry < topology.Entries.Count; entry++)
        {
            foreach (var phone in topology.Entries[entry].Phones)
                entryOfPhone[phone] = entry;
        }

        writer.WriteIntVector([.. topology.Phones]);
        writer.WriteIntVector(entryOfPhone);
        if (!topology.HasOnePdfPerState)
            writer.WriteInt(Extended);

        writer.WriteInt(topology.Entries.Count);
        foreach (var entry in topology.Entries)
        {
            writer.WriteInt(entry.States.Count);
            foreach (var state in entry.States)
            {
                writer.WriteInt(state.ForwardPdfClass);
                if (!topology.HasOnePdfPerState)
                    writer.WriteInt(state.SelfLoopPdfClass);

                writer.WriteInt(state.Transitions.Count);
                foreach (var arc in state.Transitions)
                {
                    writer.WriteInt(arc.State);
                    writer.WriteFloat(arc.Probability);
                }
            }
        }
    }

    private static void WriteText(KaldiWriter writer, HmmTopology topology)
    {
        writer.WriteNewLine();
        foreach (var entry in topology.Entries)
        {
            writer.WriteText("<TopologyEntry> \n<ForPhones> \n");
            foreach (var phone in entry.Phones)
                writer.WriteInt(phone);

            writer.WriteText("\n</ForPhones> \n");
            for (var number = 0; number < entry.States.Count; number++)
                WriteTextState(writer, number, entry.States[number], topology.HasOnePdfPerState);

            writer.WriteText("</TopologyEntry> \n");
        }
    }

    private static void WriteTextState(KaldiWriter writer, int number, HmmState state, bool onePdf)
    {
        writer.WriteToken("<State>");
        writer.WriteInt(number);
        if (state.ForwardPdfClass >= 0)
        {
            writer.WriteToken(onePdf ? "<PdfClass>" : "<ForwardPdfClass>");
            writer.WriteInt(state.ForwardPdfClass);
            if (!onePdf)
            {
                writer.WriteToken("<SelfLoopPdfClass>");
                writer.WriteInt(state.SelfLoopPdfClass);
            }
        }

        foreach (var arc in state.Transitions)
        {
            writer.WriteToken("<Transition>");
            writer.WriteInt(arc.State);
            writer.WriteFloat(arc.Probability);
        }

        writer.WriteText("</State> \n");
    }
}
