using Mimir.Base.Options;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>transform-feats: applies a linear transform (LDA, MLLT, fMLLR), global or by utterance or speaker.</summary>
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

/// <summary>Averages the log determinants of transforms over frames, a measure of the convergence of their estimation.</summary>
internal sealed class LogDeterminants
{
    private (FloatMatrix Transform, double Value)? _last;
    private double _sum;
    private double _frames;
    private bool? _reduces;
    private bool _widens;

    /// <summary>Adds the frames of an utterance. The first utterance decides the kind of determinant.</summary>
    public void Add(FloatMatrix transform, FloatMatrix features, KaldiLog log)
    {
        if (_reduces is null)
            (_reduces, _widens) = (transform.Rows < features.Columns, transform.Rows > features.Columns);
        if (_widens)
            return;

        if (_last is not { } last || last.Transform != transform)
            _last = last = (transform, FeatureTransform.LogDeterminant(transform, features.Columns));

        if (!double.IsFinite(last.Value))
        {
            log.Warning($"Matrix has bad logdet {KaldiLog.Number(last.Value)}");
            return;
        }

        _frames += features.Rows;
        _sum += features.Rows * last.Value;
    }

    /// <summary>Logs the average, if there is one.</summary>
    public void Report(KaldiLog log)
    {
        if (_reduces is not { } reduces || _widens)
            return;

        var kind = reduces ? "[pseudo-]" : "";
        log.Log($"Overall average {kind}logdet is {KaldiLog.Number(_sum / _frames)} over {KaldiLog.Number(_frames)} frames.");
    }
}
