using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Bin;

/// <summary>ali-to-pdf: the distribution of each frame.</summary>
internal sealed class AliToPdfTool()
    : KaldiTool(
        "ali-to-pdf",
        "Converts alignments (containing transition-ids) to pdf-ids, zero-based.",
        "<model> <alignments-rspecifier> <pdfs-wspecifier>")
{
    protected override void AddOptions(KaldiOptionParser parser)
    {
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var done = 0;
        using var output = KaldiTables.IntVector.Create(arguments[2], io);
        output.Fill(() =>
        {
            foreach (var (key, transitions) in KaldiTables.IntVector.Read(arguments[1], io))
            {
                AlignmentRules.Check(model, key, transitions);
                output.Write(key, Array.ConvertAll(transitions, model.PdfOf));
                done++;
            }
        });
        log.Log($"Converted {done} alignments to pdf sequences.");
        return true;
    }
}
