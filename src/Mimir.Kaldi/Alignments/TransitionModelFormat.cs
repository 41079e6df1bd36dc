using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>The text and binary forms of a transition model (Kaldi: <c>hmm/transition-model.cc</c>).</summary>
internal static class TransitionModelFormat
{
    public static TransitionModel Read(KaldiReader reader, bool binary)
    {
        reader.ExpectToken("<TransitionModel>");
        var topology = TopologyFormat.Read(reader, binary);
        var token = reader.ReadToken();
        if (token is not ("<Triples>" or "<Tuples>"))
            throw reader.Error($"expected <Triples> or <Tuples>, got '{KaldiReader.Printable(token)}'.");

        var tuples = ReadTuples(reader, binary, triples: token == "<Triples>");
        reader.ExpectToken(token.Insert(1, "/"));
        reader.ExpectToken("<LogProbs>");
        var logProbabilities = reader.ReadVector(binary);
        reader.ExpectToken("</LogProbs>");
        reader.ExpectToken("</TransitionModel>");
        try
        {
            return new TransitionModel(topology, tuples, logProbabilities);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    public static void Write(KaldiWriter writer, TransitionModel model)
    {
        var triples = model.Topology.HasOnePdfPerState;
        writer.WriteToken("<TransitionModel>");
        writer.WriteNewLine();
        TopologyFormat.Write(writer, model.Topology);
        writer.WriteToken(triples ? "<Triples>" : "<Tuples>");
        writer.WriteInt(model.Tuples.Count);
        writer.WriteNewLine();
        foreach (var tuple in model.Tuples)
        {
            writer.WriteInt(tuple.Phone);
            writer.WriteInt(tuple.HmmState);
            writer.WriteInt(tuple.ForwardPdf);
            if (!triples)
                writer.WriteInt(tuple.SelfLoopPdf);

            writer.WriteNewLine();
        }

        writer.WriteToken(triples ? "</Triples>" : "</Tuples>");
        writer.WriteNewLine();
        writer.WriteToken("<LogProbs>");
        writer.WriteNewLine();
        writer.WriteVector(model.LogProbabilities);
        writer.WriteToken("</LogProbs>");
        writer.WriteNewLine();
        writer.WriteToken("</TransitionModel>");
        writer.WriteNewLine();
    }

    private static List<TransitionTuple> ReadTuples(KaldiReader reader, bool binary, bool triples)
    {
        var count = reader.ReadInt(binary);
        if (count < 0)
            throw reader.Error($"expected a number of states, got {count}.");

        var tuples = new List<TransitionTuple>();
        for (; count > 0; count--)
        {
            var (phone, state, forward) = (reader.ReadInt(binary), reader.ReadInt(binary), reader.ReadInt(binary));
            tuples.Add(new TransitionTuple(phone, state, forward, triples ? forward : reader.ReadInt(binary)));
        }

        return tuples;
    }
}
