using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>copy-feats-to-htk and copy-feats-to-sphinx: a file of another toolkit for each utterance.</summary>
internal sealed class CopyFeatsToFilesTool : KaldiTool
{
    private readonly bool _sphinx;
    private readonly string _format;
    private string _extension;
    private string _folder = "./";
    private HtkHeader _header = new(100_000, HtkHeader.User);

    /// <summary>Creates a program.</summary>
    /// <param name="sphinx">Whether the files are Sphinx's and not HTK's.</param>
    public CopyFeatsToFilesTool(bool sphinx)
        : base(
            sphinx ? "copy-feats-to-sphinx" : "copy-feats-to-htk",
            $"Save features as {(sphinx ? "Sphinx" : "HTK")} files, each utterance in a file <output-dir>/<key>.<output-ext>.",
            "<in-rspecifier>")
    {
        _sphinx = sphinx;
        _format = sphinx ? "Sphinx" : "HTK";
        _extension = sphinx ? "mfc" : "fea";
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddString("output-ext", _extension, $"Output extension of {_format} files", v => _extension = v);
        parser.AddString("output-dir", _folder, "Output directory", v => _folder = v);
        if (_sphinx)
            return;

        parser.AddInt(
            "sample-period", 100_000, "HTK sampPeriod - sample period in 100ns units", v => _header = _header with { SamplePeriod = v });
        parser.AddInt(
            "sample-kind",
            HtkHeader.User,
            "HTK parmKind - a code indicating the sample kind (e.g., 6=MFCC, 7=FBANK, 9=USER, 11=PLP)",
            v => _header = _header with { SampleKind = v });
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        Directory.CreateDirectory(_folder);
        var done = 0;
        var files = _sphinx ? KaldiTables.Sphinx : KaldiTables.HtkWith(_header);
        foreach (var (key, features) in KaldiTables.Matrix.Read(arguments[0], io))
        {
            AtomicFile.Write(Path.Combine(_folder, $"{key}.{_extension}"), stream => files.Holder.Write(new KaldiWriter(stream, binary: true), features));
            done++;
        }

        log.Log($"{done} {_format} feature files generated in the direcory: {_folder}");
        return done != 0;
    }
}
