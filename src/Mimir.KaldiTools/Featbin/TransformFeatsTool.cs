using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>transform-feats: LDA, MLLT, fMLLR; one matrix for all, or one for each utterance or speaker.</summary>
internal sealed class TransformFeatsTool()
    : KaldiTool<TransformFeatsTool.Options>(
        "transform-feats",
        "Apply transform (e.g. LDA; HLDA; fMLLR/CMLLR; MLLT/STC): linear, or affine with one column more; of each utterance, "
            + "or each speaker with --utt2spk; a transform in a file is global.",
        "(<transform-rspecifier>|<transform-rxfilename>) <feats-rspecifier> <feats-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Table of the speaker of each utterance, when the transforms are of speakers.</summary>
        [Option("utt2spk")]
        public string Utt2Spk { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var global = Rspecifier.IsTable(arguments[0]) ? null : KaldiTables.Matrix.ReadOne(arguments[0], io);
        using var transforms = global is null
            ? KaldiTables.Matrix.OpenMapped(arguments[0], options.Utt2Spk, io)
            : null;
        var logDeterminants = new LogDeterminants();
        var counts = TableLoops.MapMatrices(arguments[1], arguments[2], io, (key, features) =>
        {
            var transform = global;
            if (transforms is not null && !transforms.TryGet(key, out transform))
            {
                log.Warning($"No fMLLR transform available for utterance {key}, producing no output for this utterance");
                return null;
            }

            return transform is null ? null : Apply(transform, key, features, logDeterminants, log);
        });
        logDeterminants.Report(log);
        log.Log($"Applied transform to {counts.Done} utterances; {counts.Errors} had errors.");
        return counts.Done != 0;
    }

    private static FloatMatrix? Apply(
        FloatMatrix transform, string key, FloatMatrix features, LogDeterminants logDeterminants, KaldiLog log)
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

        logDeterminants.Add(transform, features, log);
        return FeatureTransform.Apply(features, transform);
    }
}
