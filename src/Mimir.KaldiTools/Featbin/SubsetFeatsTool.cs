using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>subset-feats: the first features of a table, or those of a list, or all but those.</summary>
internal sealed class SubsetFeatsTool : KaldiTool
{
    private int _count = 10;
    private string _include = "";
    private string _exclude = "";

    /// <summary>Creates the program.</summary>
    public SubsetFeatsTool()
        : base(
            "subset-feats", "Copy a subset of features (by default, the first n feature files).", "<in-rspecifier> <out-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt("n", 10, "If nonnegative, copy the first n feature files.", v => _count = v);
        parser.AddString(
            "include", "", "Text file, the first field of each line being an utterance-id whose features will be included", v => _include = v);
        parser.AddString(
            "exclude", "", "Text file, the first field of each line being an utterance-id whose features will be excluded", v => _exclude = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var listed = _include.Length + _exclude.Length > 0;
        if (listed && (_count != 10 || (_include.Length > 0 && _exclude.Length > 0)))
            throw new ArgumentException("--n, --include and --exclude: expected one of them.");
        if (_count < 1)
            throw new ArgumentException($"--n={_count}: expected 1 or more.");

        var input = KaldiTables.Matrix.Read(arguments[0], io);
        if (!listed)
        {
            FeatureTables.Map(input.Take(_count), arguments[1], io, (_, features) => features);
            return true;
        }

        var list = _include.Length > 0 ? _include : _exclude;
        var keys = ScriptFile.ReadLines(list, io).Select(line => line.Key).ToHashSet();
        var counts = FeatureTables.Map(
            input, arguments[1], io, (key, features) => keys.Contains(key) == _include.Length > 0 ? features : null);
        log.Log($"{(_include.Length > 0 ? "Kept" : "Wrote")} {counts.Done} of {counts.Done + counts.Errors} utterances.");
        return counts.Done != 0;
    }
}
