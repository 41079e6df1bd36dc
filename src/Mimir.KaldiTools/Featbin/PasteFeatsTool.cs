using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>paste-feats: puts features side by side.</summary>
internal sealed class PasteFeatsTool : KaldiTool
{
    private int _tolerance;
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public PasteFeatsTool()
        : base(
            "paste-feats",
            "Paste feature files (assuming they have about the same durations), appending the features on each frame.",
            "<in-rspecifier1> <in-rspecifier2> [<in-rspecifier3>] ... <out-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddInt(
            "length-tolerance",
            0,
            "If length is different, trim as shortest up to a frame difference of length-tolerance, otherwise exclude segment.",
            v => _tolerance = v);
        parser.AddBool(
            "binary", true, "If true, output files in binary (only relevant for single-file operation, i.e. no tables)", v => _binary = v);
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var target = arguments[^1];
        if (!FeatureTables.AreTables(arguments[0], target))
        {
            if (Paste([.. arguments.SkipLast(1).Select(name => KaldiTables.Matrix.ReadOne(name, io))], "", log) is not { } pasted)
                return false;

            KaldiOutput.WriteOne(target, _binary, writer => writer.WriteMatrix(pasted), io);
            log.Log($"Wrote appended features to {target}");
            return true;
        }

        var others = new List<RandomAccessTable<FloatMatrix>>();
        try
        {
            foreach (var rspecifier in arguments.Skip(1).SkipLast(1))
                others.Add(KaldiTables.Matrix.Open(rspecifier, io));

            var counts = FeatureTables.Map(arguments[0], target, io, (key, features) =>
                Find(key, features, others, arguments, log) is { } parts ? Paste(parts, key, log) : null);
            log.Log($"Done {counts.Done} utts, errors on {counts.Errors}");
            return counts.Done != 0 ? true : throw new InputException("no utterance could be pasted.");
        }
        finally
        {
            others.ForEach(table => table.Dispose());
        }
    }

    private static List<FloatMatrix>? Find(
        string key,
        FloatMatrix features,
        List<RandomAccessTable<FloatMatrix>> others,
        IReadOnlyList<string> arguments,
        KaldiLog log)
    {
        var parts = new List<FloatMatrix> { features };
        foreach (var table in others)
        {
            if (!table.TryGet(key, out var part))
            {
                log.Warning($"Missing utt {key} from input {arguments[parts.Count]}");
                return null;
            }

            parts.Add(part);
        }

        return parts;
    }

    private FloatMatrix? Paste(List<FloatMatrix> parts, string key, KaldiLog log)
    {
        var (least, most) = (parts.Min(part => part.Rows), parts.Max(part => part.Rows));
        if (most - least <= _tolerance && least > 0)
            return FeatureFrames.Paste(parts);

        var utterance = key.Length == 0 ? "" : $" for utt {key}";
        log.Warning($"Length mismatch {most} vs. {least}{utterance} exceeds tolerance {_tolerance}");
        return null;
    }
}
