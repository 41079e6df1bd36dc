using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-align: makes graphs of texts and aligns features with them and Gaussian mixtures.</summary>
internal sealed class GmmAlignTool()
    : KaldiTool<TextAlignmentOptions>(
        "gmm-align",
        "Align features given [GMM-based] models, with graphs made of the texts.",
        "<tree-in> <model-in> <lexicon-fst-in> <feature-rspecifier> <transcriptions-rspecifier> <alignments-wspecifier>")
{
    protected override bool Execute(TextAlignmentOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[1], io);
        var graphs = TrainingGraphInputs.Make(arguments, model.Transitions, options.Disambiguation(io), options.Graphs, io);
        return TextAlignment.Run(
            model.Transitions, graphs, options, arguments,
            (utterance, graph, features) => GraphScores.Of(model, utterance, graph, features), log, io);
    }
}
