using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>The loop of programs that add up statistics over features and posteriors.</summary>
/// <param name="model">The model of the transition-ids.</param>
/// <param name="log">Receives progress and warnings.</param>
internal sealed class GmmAccumulation(GmmModel model, KaldiLog log)
{
    private const int ReportStep = 50;

    private double _logLikelihood;
    private double _weight;
    private int _done;
    private int _errors;

    /// <summary>Adds a frame of a pdf by its number and its values; returns its log-likelihood.</summary>
    public delegate float FrameAdder(int pdf, int number, ReadOnlySpan<float> frame, float weight);

    /// <summary>Accumulates and writes the statistics of a model.</summary>
    /// <param name="arguments">The model, the table of features, that of posteriors, and the file of statistics.</param>
    /// <param name="posteriorOf">Finds the posterior of an utterance over transition-ids; null where there is none.</param>
    /// <param name="kind">The word for posteriors in warnings.</param>
    /// <param name="parts">The parts of the model that the statistics shall serve to estimate.</param>
    /// <param name="binary">Whether the file is binary.</param>
    /// <param name="log">Receives progress and warnings.</param>
    /// <param name="io">What may be opened.</param>
    public static bool Accumulate(
        IReadOnlyList<string> arguments,
        Func<string, Posterior?> posteriorOf,
        string kind,
        GmmParts parts,
        bool binary,
        KaldiLog log,
        KaldiIoOptions io)
    {
        var model = GmmModel.Read(arguments[0], io);
        var statistics = new GmmStatistics(model, parts);
        var done = new GmmAccumulation(model, log).Run(
            KaldiTables.Matrix.Read(arguments[1], io),
            posteriorOf,
            kind,
            (pdf, _, frame, weight) => statistics.Add(model.Acoustic, pdf, frame, weight),
            (id, weight) => statistics.Transitions[id] += weight);
        statistics.Write(arguments[3], binary, io);
        log.Log("Written accs.");
        return done;
    }

    /// <summary>Adds the frames of all utterances that have posteriors.</summary>
    /// <param name="features">The table of features.</param>
    /// <param name="posteriorOf">Finds the posterior of an utterance over transition-ids; null where there is none.</param>
    /// <param name="kind">The word for posteriors in warnings.</param>
    /// <param name="addFrame">Adds a frame.</param>
    /// <param name="addTransition">Adds a weight of a transition-id; null for nothing.</param>
    /// <returns>True when there was an utterance.</returns>
    /// <exception cref="InputException">A transition-id is of another model, or a likelihood is not finite; the message names the
    /// utterance.</exception>
    public bool Run(
        IEnumerable<KeyValuePair<string, FloatMatrix>> features,
        Func<string, Posterior?> posteriorOf,
        string kind,
        FrameAdder addFrame,
        Action<int, float>? addTransition)
    {
        foreach (var (key, matrix) in features)
        {
            if (posteriorOf(key) is not { } posterior)
            {
                log.Warning($"{(kind == "Alignments" ? "No alignment for" : "Could not find posteriors for")} utterance {key}");
                _errors++;
            }
            else if (posterior.Frames != matrix.Rows)
            {
                var subject = kind == "Alignments" ? kind : "Posterior vector";
                log.Warning($"{subject} has wrong size {posterior.Frames} vs. {matrix.Rows} (utterance {key})");
                _errors++;
            }
            else
            {
                Posteriors.Check(model.Transitions, key, posterior);
                Add(key, matrix, posterior, addFrame, addTransition);
            }
        }

        log.Log($"Done {_done} files, {_errors} with errors.");
        log.Log($"Overall avg like per frame (Gaussian only) = {KaldiLog.Number(_logLikelihood / _weight)} over "
            + $"{KaldiLog.Number(_weight, 15)} frames.");
        return _done != 0;
    }

    private void Add(string key, FloatMatrix features, Posterior posterior, FrameAdder addFrame, Action<int, float>? addTransition)
    {
        float logLikelihood = 0, weight = 0;
        for (var frame = 0; frame < features.Rows; frame++)
        {
            try
            {
                foreach (var (pdf, sum) in Posteriors.SumByPdf(model.Transitions, posterior, frame))
                {
                    var value = addFrame(pdf, frame, features.Row(frame), sum);
                    GmmStatistics.RequireFinite(value, pdf);
                    logLikelihood += value * sum;
                    weight += sum;
                }
            }
            catch (InputException e)
            {
                throw new InputException($"utterance '{key}', frame {frame}: {e.Message}", e);
            }

            for (var i = 0; addTransition is not null && i < posterior.Indices(frame).Length; i++)
                addTransition(posterior.Indices(frame)[i], posterior.Weights(frame)[i]);
        }

        _logLikelihood += logLikelihood;
        _weight += weight;
        if (++_done % ReportStep == 0)
        {
            log.Log($"Processed {_done} utterances; for utterance {key} avg. like is {KaldiLog.Number(logLikelihood / weight)} over "
                + $"{KaldiLog.Number(weight)} frames.");
        }
    }
}
