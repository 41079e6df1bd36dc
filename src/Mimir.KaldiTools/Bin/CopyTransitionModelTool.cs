using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-transition-model: copies the transition model of an acoustic model.</summary>
internal sealed class CopyTransitionModelTool()
    : KaldiTool<BinaryOptions>(
        "copy-transition-model",
        "Copies a transition model (this can be used to separate transition models from the acoustic models they are written with).",
        "<model-in> <transition-model-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        model.Write(arguments[1], options.Binary, io);
        log.Log("Copied transition model.");
        return true;
    }
}
