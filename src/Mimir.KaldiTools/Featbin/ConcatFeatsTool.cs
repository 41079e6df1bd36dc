using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>concat-feats: puts features one after the other.</summary>
internal sealed class ConcatFeatsTool : KaldiTool
{
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public ConcatFeatsTool()
        : base(
            "concat-feats",
            "Concatenate feature files (assuming they have the same dimensions), so the output file has the sum of the num-frames.",
            "<in-rxfilename1> <in-rxfilename2> [<in-rxfilename3>] ... <out-wxfilename>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", true, "If true, output files in binary", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var joined = FeatureFrames.Concatenate([.. arguments.SkipLast(1).Select(name => KaldiTables.Matrix.ReadOne(name, io))]);
        KaldiOutput.WriteOne(arguments[^1], _binary, writer => writer.WriteMatrix(joined), io);
        return true;
    }
}
