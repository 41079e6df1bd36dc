using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>ali-to-pdf: turns transition-ids into distributions.</summary>
internal sealed class AliToPdfTool()
    : KaldiTool<NoOptions>(
        "ali-to-pdf",
        "Converts alignments (containing transition-ids) to pdf-ids, zero-based.",
        "<model> <alignments-rspecifier> <pdfs-wspecifier>")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var (done, _) = KaldiTables.IntVector.Map(
            KaldiTables.IntVector.Read(arguments[1], io), arguments[2], io, (key, transitions) =>
            {
                Posteriors.Check(model, key, transitions);
                return Array.ConvertAll(transitions, model.PdfOf);
            });
        log.Log($"Converted {done} alignments to pdf sequences.");
        return true;
    }
}
