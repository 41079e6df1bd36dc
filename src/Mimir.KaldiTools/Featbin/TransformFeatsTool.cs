using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>transform-feats: LDA, MLLT, fMLLR; one matrix for all, or one for each utterance or speaker.</summary>
internal sealed class TransformFeatsTool : KaldiTool
{
    private readonly LogDeterminants _logDeterminants = new();
    private string _utt2spk = "";

    /// <summary>Creates the program.</summary>
    public TransformFeatsTool()
        : base(
            "transform-feats",
            "Apply transform (e.g. LDA; HLDA; fMLLR/CMLLR; MLLT/STC): linear, or affine with one column more; of each utterance, "
            + "or each speaker with --utt2spk; a transform in a file is global.",
            "(<transform-rspecifier>|<transform-rxfilename>) <feats-rspecifier> <feats-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddString("utt2spk", "", "rspecifier for utterance to speaker map", v => _utt2spk = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var global = Rspecifier.IsTable(arguments[0]) ? null : KaldiTables.Matrix.ReadOne(arguments[0], io);
        using var transforms = global is null
            ? KaldiTables.Matrix.OpenMapped(arguments[0], _utt2spk, io)
            : null;
        var counts = FeatureTables.Map(arguments[1], arguments[2], io, (key, features) =>
        {
            var transform = global;
            if (transforms is not null && !transforms.TryGet(key, out transform))
            {
                log.Warning($"No fMLLR transform available for utterance {key}, producing no output for this utterance");
                return null;
            }

            return transform is null ? null : Apply(transform, key, features, log);
        });
        _logDeterminants.Report(log);
        log.Log($"Applied transform to {counts.Done} utterances; {counts.Errors} had errors.");
        return counts.Done != 0;
    }

    private FloatMatrix? Apply(FloatMatrix transform, string key, FloatMatrix features, KaldiLog log)
    {
        if (!FeatureTransform.Fits(transform, features.Columns))
        {
            log.Warning(
                $"Transform matrix for utterance {key} has bad dimension {transform.Rows}x{transform.Columns} versus feat dim "
                + $"{features.Columns}");
            if (transform.Columns == features.Columns + 2)
                log.Warning("[perhaps the transform was created by compose-transforms, and you forgot the --b-is-affine option?]");

            return null;
        }

        _logDeterminants.Add(transform, features, log);
        return FeatureTransform.Apply(features, transform);
    }
}
