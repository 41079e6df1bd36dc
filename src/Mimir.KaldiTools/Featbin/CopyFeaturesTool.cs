using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>copy-feats: copies features from any format to Kaldi's, binary, text or compressed.</summary>
internal sealed class CopyFeaturesTool : KaldiTool
{
    private bool _binary = true;
    private bool _htk;
    private bool _sphinx;
    private bool _compress;
    private int _method = 1;
    private string _lengths = "";

    /// <summary>Creates the program.</summary>
    public CopyFeaturesTool()
        : base(
            "copy-feats",
            "Copy features [and possibly change format]",
            "(<feature-rspecifier>|<feats-rxfilename>) (<feature-wspecifier>|<feats-wxfilename>)")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("htk-in", false, "Read input as HTK features", v => _htk = v);
        parser.AddBool("sphinx-in", false, "Read input as Sphinx features", v => _sphinx = v);
        parser.AddBool("binary", true, "Binary-mode output (not relevant if writing to archive)", v => _binary = v);
        parser.AddBool("compress", false, "If true, write output in compressed form (only for tables)", v => _compress = v);
        parser.AddInt(
            "compression-method",
            1,
            "Only relevant if --compress=true: 1 automatic, 2 speech feature, 3 two-byte auto, 4 two-byte signed integer, 5 one-byte "
            + "auto, 6 one-byte unsigned integer, 7 one-byte from 0 to 1.",
            v => _method = v);
        parser.AddString(
            "write-num-frames", "", "Wspecifier to write length in frames of each utterance, e.g. 'ark,t:utt2num_frames'.", v => _lengths = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var method = (CompressionMethod)_method;
        if (!Enum.IsDefined(method))
            throw new ArgumentException($"--compression-method={_method}: expected 1 to 7.");
        if (!FeatureTables.AreTables(arguments[0], arguments[1]))
        {
            CopyFile(arguments[0], arguments[1], io);
            log.Log($"Copied features from {arguments[0]} to {arguments[1]}");
            return true;
        }

        var done = 0;
        using var output = KaldiTables.CompressedMatrix(_compress ? method : null).Create(arguments[1], io);
        using var lengths = _lengths.Length == 0 ? null : KaldiTables.IntScalar.Create(_lengths, io);
        try
        {
            foreach (var (key, features) in Read(arguments[0], io))
            {
                Write(output, key, features);
                lengths?.Write(key, features.Rows);
                done++;
            }
        }
        catch (Exception)
        {
            output.Discard();
            lengths?.Discard();
            throw;
        }

        log.Log($"Copied {done} feature matrices.");
        return done != 0;
    }

    private static void Write(TableWriter<FloatMatrix> output, string key, FloatMatrix features)
    {
        try
        {
            output.Write(key, features);
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{key}': {failure.Message}", failure);
        }
    }

    private IEnumerable<KeyValuePair<string, FloatMatrix>> Read(string rspecifier, KaldiIoOptions io)
    {
        if (_htk)
            return KaldiTables.Htk.Read(rspecifier, io);

        return _sphinx ? KaldiTables.Sphinx.Read(rspecifier, io) : KaldiTables.Matrix.Read(rspecifier, io);
    }

    private void CopyFile(string from, string to, KaldiIoOptions io)
    {
        if (_compress)
            throw new ArgumentException("--compress=true: only tables are compressed, not single files.");
        if (_lengths.Length > 0)
            throw new ArgumentException("--write-num-frames: only for tables, not for single files.");
        if (_sphinx)
            throw new ArgumentException("--sphinx-in: only for tables, not for single files.");

        var features = _htk ? KaldiTables.Htk.ReadOne(from, io) : KaldiTables.Matrix.ReadOne(from, io);
        KaldiOutput.WriteOne(to, _binary, writer => writer.WriteMatrix(features), io);
    }
}
