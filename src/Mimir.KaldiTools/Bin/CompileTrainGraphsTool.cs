using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>compile-train-graphs: makes the graphs of texts that training aligns with.</summary>
internal sealed class CompileTrainGraphsTool()
    : KaldiTool<CompileOptions>(
        "compile-train-graphs",
        "Creates training graphs (without transition-probabilities, by default)",
        "<tree-in> <model-in> <lexicon-fst-in> <transcriptions-rspecifier> <graphs-wspecifier>")
{
    protected override bool Execute(CompileOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var graphs = TrainingGraphInputs.Read(arguments, options.Disambiguation(io), options.Graphs, io);
        var counts = FstTables.Vector.Map(
            KaldiTables.IntVector.Read(arguments[3], io), arguments[4], io,
            (key, words) => CompiledGraphs.Checked(key, graphs.Make, words, log));
        CompiledGraphs.Report(counts, log);
        return counts.Done != 0;
    }
}

/// <summary>compile-train-graphs-fsts: makes graphs of a grammar for each utterance.</summary>
internal sealed class CompileTrainGraphsFstsTool()
    : KaldiTool<CompileOptions>(
        "compile-train-graphs-fsts",
        "Creates training graphs (without transition-probabilities, by default) from a weighted grammar for each utterance; the lexicon "
            + "should have disambiguation symbols.",
        "<tree-in> <model-in> <lexicon-fst-in> <graphs-rspecifier> <graphs-wspecifier>")
{
    protected override bool Execute(CompileOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var disambiguation = options.Disambiguation(io);
        if (disambiguation.Count == 0)
        {
            log.Warning(
                "You supplied no disambiguation symbols; note, these are typically necessary when compiling graphs from FSTs (i.e. supply "
                + "L_disambig.fst and the list of disambig syms with --read-disambig-syms)");
        }

        var graphs = TrainingGraphInputs.Read(arguments, disambiguation, options.Graphs, io);
        var counts = FstTables.Vector.Map(
            FstTables.Vector.Read(arguments[3], io), arguments[4], io,
            (key, grammar) => CompiledGraphs.Checked(key, graphs.Make, grammar, log));
        CompiledGraphs.Report(counts, log);
        return true;
    }
}

/// <summary>The parts that the programs of training graphs share.</summary>
internal static class CompiledGraphs
{
    /// <summary>Makes the graph of an utterance; null, with a warning, for an empty one.</summary>
    /// <exception cref="InputException">The graph cannot be made; the message names the utterance.</exception>
    public static VectorFst? Checked<T>(string utterance, Func<T, VectorFst> make, T text, KaldiLog log)
    {
        try
        {
            var graph = make(text);
            if (graph.Start >= 0)
                return graph;
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{utterance}': {failure.Message}", failure);
        }

        log.Warning($"Empty decoding graph for utterance {utterance}");
        return null;
    }

    /// <summary>Logs the counts.</summary>
    public static void Report(Counts counts, KaldiLog log) =>
        log.Log($"compile-train-graphs: succeeded for {counts.Done} graphs, failed for {counts.Errors}");
}
