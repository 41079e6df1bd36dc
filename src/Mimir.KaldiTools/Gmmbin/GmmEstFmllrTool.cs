using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Gaussians;
using Mimir.Gmm.Transforms;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Latbin;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-est-fmllr: estimates feature-space transforms from posteriors over transition-ids.</summary>
internal sealed class GmmEstFmllrTool()
    : FmllrTool<Posterior>(
        "gmm-est-fmllr",
        "Estimate global fMLLR transforms, either per utterance or for the supplied set of speakers (spk2utt option).  Reads "
            + "posteriors (on transition-ids).  Writes to a table of matrices.",
        "<model-in> <feature-rspecifier> <post-rspecifier> <transform-wspecifier>",
        Posterior.Table)
{
    protected override int FramesOf(Posterior posterior) => posterior.Frames;

    protected override void Add(FmllrStatistics statistics, GmmModel model, string key, FloatMatrix features, Posterior posterior)
    {
        Posteriors.Check(model.Transitions, key, posterior);
        for (var frame = 0; frame < features.Rows; frame++)
        {
            foreach (var (pdf, weight) in Posteriors.SumByPdf(model.Transitions, posterior, frame))
                GmmStatistics.RequireFinite(statistics.Add(model.Acoustic.Pdfs[pdf], features.Row(frame), weight), pdf);
        }
    }
}

/// <summary>gmm-est-fmllr-gpost: estimates feature-space transforms from posteriors over Gaussians.</summary>
internal sealed class GmmEstFmllrGpostTool()
    : FmllrTool<GaussianPosterior>(
        "gmm-est-fmllr-gpost",
        "Estimate global fMLLR transforms, either per utterance or for the supplied set of speakers (spk2utt option).  Reads "
            + "Gaussian-level posteriors.  Writes to a table of matrices.",
        "<model-in> <feature-rspecifier> <gpost-rspecifier> <transform-wspecifier>",
        GaussianPosterior.Table)
{
    protected override int FramesOf(GaussianPosterior posterior) => posterior.Frames.Count;

    protected override void Add(FmllrStatistics statistics, GmmModel model, string key, FloatMatrix features, GaussianPosterior posterior)
    {
        for (var frame = 0; frame < features.Rows; frame++)
        {
            foreach (var (pdf, weights) in posterior.Frames[frame])
            {
                if (pdf >= model.Acoustic.Pdfs.Count || weights.Length != model.Acoustic.Pdfs[pdf].Gaussians)
                    throw new InputException($"frame {frame}: the model has no pdf {pdf} with {weights.Length} Gaussians.");

                statistics.Add(model.Acoustic.Pdfs[pdf], features.Row(frame), weights);
            }
        }
    }
}

/// <summary>The loop of both programs, over utterances or over speakers.</summary>
/// <typeparam name="TPosterior">The kind of posteriors.</typeparam>
internal abstract class FmllrTool<TPosterior>(string name, string summary, string arguments, Table<TPosterior> posteriorTable)
    : KaldiTool<FmllrToolOptions>(name, summary, arguments)
    where TPosterior : class
{
    protected abstract int FramesOf(TPosterior posterior);

    protected abstract void Add(FmllrStatistics statistics, GmmModel model, string key, FloatMatrix features, TPosterior posterior);

    protected override bool Execute(FmllrToolOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        using var posteriors = posteriorTable.Open(arguments[2], io);
        var (done, missing, misfits, improvement, frames) = (0, 0, 0, 0.0, 0.0);
        KaldiTables.Matrix.WriteAll(arguments[3], options.Speakers.Length > 0 ? BySpeaker() : ByUtterance(), io);
        log.Log($"Done {done} files, {missing} with no posts, {misfits} with other errors.");
        log.Log($"Overall fMLLR auxf impr per frame is {KaldiLog.Number(improvement / frames)} over {KaldiLog.Number(frames)} frames.");
        return done != 0;

        IEnumerable<KeyValuePair<string, FloatMatrix>> BySpeaker()
        {
            using var features = KaldiTables.Matrix.Open(arguments[1], io);
            foreach (var (speaker, utterances) in KaldiTables.TokenVector.Read(options.Speakers, io))
            {
                var statistics = new FmllrStatistics(model.Acoustic.Dimension);
                foreach (var utterance in utterances)
                {
                    if (features.TryGet(utterance, out var matrix))
                    {
                        AddUtterance(statistics, utterance, matrix);
                    }
                    else
                    {
                        log.Warning($"Did not find features for utterance {utterance}");
                        misfits++;
                    }
                }

                yield return new(speaker, Estimate(statistics, $"speaker {speaker}"));
            }
        }

        IEnumerable<KeyValuePair<string, FloatMatrix>> ByUtterance()
        {
            foreach (var (utterance, matrix) in KaldiTables.Matrix.Read(arguments[1], io))
            {
                var statistics = new FmllrStatistics(model.Acoustic.Dimension);
                if (AddUtterance(statistics, utterance, matrix))
                    yield return new(utterance, Estimate(statistics, $"utterance {utterance}"));
            }
        }

        bool AddUtterance(FmllrStatistics statistics, string utterance, FloatMatrix features)
        {
            if (!posteriors.TryGet(utterance, out var posterior))
            {
                log.Warning($"Did not find posteriors for utterance {utterance}");
                missing++;
                return false;
            }

            if (FramesOf(posterior) != features.Rows || (features.Columns != model.Acoustic.Dimension && features.Rows > 0))
            {
                log.Warning($"Posterior vector has wrong size {FramesOf(posterior)} vs. {features.Rows} x {features.Columns} "
                    + $"(utterance {utterance})");
                misfits++;
                return false;
            }

            Utterance.Run(utterance, () =>
            {
                Add(statistics, model, utterance, features, posterior);
                return true;
            });
            done++;
            return true;
        }

        FloatMatrix Estimate(FmllrStatistics statistics, string what)
        {
            var transform = FmllrEstimation.Estimate(statistics, options.Fmllr, log.Warning);
            log.Log($"For {what}, auxf-impr from fMLLR is {KaldiLog.Number(transform.Improvement / statistics.Count)}, over "
                + $"{KaldiLog.Number(statistics.Count)} frames.");
            improvement += transform.Improvement;
            frames += statistics.Count;
            return transform.Matrix;
        }
    }
}

/// <summary>The options of both programs.</summary>
internal sealed record FmllrToolOptions
{
    /// <summary>Table of the utterances of each speaker; without it each utterance has a transform of its own.</summary>
    [Option("spk2utt")]
    public string Speakers { get; init; } = "";

    /// <summary>The estimation.</summary>
    [IncludeOptions]
    public FmllrOptions Fmllr { get; init; } = new();
}
