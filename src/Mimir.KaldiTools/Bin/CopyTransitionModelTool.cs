using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>copy-transition-model: the transition model of an acoustic model, alone.</summary>
internal sealed class CopyTransitionModelTool()
    : KaldiTool(
        "copy-transition-model",
        "Copies a transition model (this can be used to separate transition models from the acoustic models they are written with).",
        "<model-in> <transition-model-out>")
{
    private bool _binary = true;

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", true, "Write output in binary mode.", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        model.Write(arguments[1], _binary, io);
        log.Log("Copied transition model.");
        return true;
    }
}
