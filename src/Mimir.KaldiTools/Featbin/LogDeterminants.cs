using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>The mean over frames of the transforms' log determinants, which tells how an estimation converges.</summary>
internal sealed class LogDeterminants
{
    private (FloatMatrix Transform, double Value)? _last;
    private double _sum;
    private double _frames;
    private bool? _reduces;
    private bool _widens;

    /// <summary>Adds the frames of an utterance. The first utterance decides which kind of determinant there is.</summary>
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

    /// <summary>Logs the mean, where there is one.</summary>
    public void Report(KaldiLog log)
    {
        if (_reduces is not { } reduces || _widens)
            return;

        var kind = reduces ? "[pseudo-]" : "";
        log.Log($"Overall average {kind}logdet is {KaldiLog.Number(_sum / _frames)} over {KaldiLog.Number(_frames)} frames.");
    }
}
