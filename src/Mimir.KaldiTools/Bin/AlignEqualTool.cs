using Mimir.Decode.Building;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>align-equal: makes graphs of texts and gives each state of a random path the same number of frames.</summary>
internal sealed class AlignEqualTool()
    : KaldiTool<DisambiguationOptions>(
        "align-equal",
        "Write equally spaced alignments of utterances (to get training started)",
        "<tree-in> <model-in> <lexicon-fst-in> <features-rspecifier> <transcriptions-rspecifier> <alignments-wspecifier>")
{
    protected override bool Execute(DisambiguationOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var graphs = TrainingGraphInputs.Read(arguments, options.Disambiguation(io), new TrainingGraphOptions(), io);
        using var texts = KaldiTables.IntVector.Open(arguments[4], io);
        var (lacking, errors) = (0, 0);
        var (done, _) = KaldiTables.IntVector.Map(KaldiTables.Matrix.Read(arguments[3], io), arguments[5], io, (utterance, features) =>
        {
            if (!texts.TryGet(utterance, out var words))
            {
                log.Warning($"AlignEqual: no transcript for utterance {utterance}");
                lacking++;
                return null;
            }

            var graph = CompiledGraphs.Checked(utterance, graphs.Make, words, log);
            var transitions = graph is null ? null : EqualAlignments.Find(utterance, graph, features.Rows, log);
            errors += transitions is null ? 1 : 0;
            return transitions;
        });
        EqualAlignments.Report(done, lacking, errors, "transcripts", log);
        return done != 0;
    }
}
