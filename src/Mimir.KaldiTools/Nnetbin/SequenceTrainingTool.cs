using Mimir.Core.Batches;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>A training program of nnet1 for recurrent networks, which trains on sequences.</summary>
/// <typeparam name="TOptions">The record of its options.</typeparam>
/// <param name="time">The clock of its speed.</param>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
internal abstract class SequenceTrainingTool<TOptions>(TimeProvider time, string name, string summary)
    : NnetTrainingTool<TOptions>(time, name, summary)
    where TOptions : TrainingOptions, new()
{
    private const int PrefetchedBatches = 8;

    /// <summary>Gets the log lines before the statistics of the last batch.</summary>
    protected virtual IReadOnlyList<string> EndMessages => [];

    protected override string DataKind => "several streams";

    protected override bool ReportsClassesFirst => true;

    protected override UtteranceOptions SelectUtterances(TOptions options, UtteranceOptions common) => common with
    {
        MissingFrameWeights = "missing frame-weights",
        KeepsFramesWithoutWeight = true,
        MaxFrames = int.MaxValue,
    };

    protected override Func<string> Describe(Nnet1Network network) =>
        () => Nnet1Info.Describe(new Nnet1File(network.ToComponents()));

    /// <summary>Makes the batches.</summary>
    /// <param name="options">The options of this run.</param>
    /// <param name="source">The utterances.</param>
    /// <param name="transform">The transform of each utterance.</param>
    /// <param name="log">Receives log lines.</param>
    protected abstract IEnumerable<SequenceBatch> Batches(
        TOptions options, UtteranceSource source, Func<FloatMatrix, FloatMatrix> transform, KaldiLog log);

    protected override int Train(TOptions options, TrainingEpoch epoch)
    {
        // nnet1's BLSTM starts anew with each batch, in both directions.
        var carriesState = !epoch.Network.Components.OfType<BlstmProjected>().Any();
        var step = epoch.Step;
        var (utterances, rows) = (0, Array.Empty<int>());
        foreach (var batch in epoch.Prefetch(Batches(options, epoch.Source, epoch.Transform, epoch.Log), PrefetchedBatches))
        {
            foreach (var line in batch.IsLast ? EndMessages : [])
                epoch.Log.Log(line);

            using var table = new FrameTable(step.Device, batch.Features, batch.Dim, [batch.Frames]);
            if (rows.Length < batch.Frames)
                rows = [.. Enumerable.Range(0, batch.Frames)];

            SequenceLayout layout = carriesState ? new(batch.Lengths, batch.Streams, batch.Begins) : new(batch.Lengths);
            var reports = Reports(step.Frames, batch, epoch.StatisticsInterval);
            step.Run(table, rows.AsSpan(0, batch.Frames), layout, batch.Targets, batch.Weights, batch.PaddedFrames, reports);
            utterances += batch.Started;
        }

        return utterances;
    }

    protected override string DescribeNoBatch(TOptions options, UtteranceSource source) =>
        $"No batch came together of {source.Done} utterances";

    // Kaldi: statistics are logged for the first batch, after an interval, and for the last batch.
    private static List<long> Reports(long before, SequenceBatch batch, int interval)
    {
        var reports = new List<long>();
        var after = before + batch.Frames;
        if (before == 0)
            reports.Add(0);
        if (interval > 0 && before / interval != after / interval)
            reports.Add(after);
        if (batch.IsLast)
            reports.Add(after);

        return reports;
    }
}
