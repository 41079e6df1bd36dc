using Microsoft.Extensions.Logging;

namespace Mimir.Train.Reports;

/// <summary>Logs the events of <c>log.jsonl</c> to <c>mimir.log</c> too, under the same names.</summary>
internal static class RunEventLog
{
    /// <summary>Logs an event.</summary>
    internal static void Write(ILogger logger, RunEvent happened)
    {
        switch (happened)
        {
            case StageFinished e:
                Log.StageFinished(logger, e.Stage.ToString(), e.Set, e.Utterances, e.Frames, e.Seconds);
                break;
            case CorpusFetched e:
                Log.CorpusFetched(logger, e.Source, e.Bytes, e.Fetched, e.Found, e.Damaged, e.Retries, e.Waited);
                break;
            case UtterancesDropped e:
                var reasons = string.Join(", ", e.Reasons.Select(reason => $"{reason.Value} {reason.Key}"));
                Log.UtterancesDropped(logger, e.Set, e.Dropped, e.Utterances, reasons);
                break;
            case UtteranceQuarantined e:
                Log.UtteranceQuarantined(logger, e.Set, e.Utterance, e.Epoch, e.Step, e.Reason);
                break;
            case RunStarted e:
                Log.RunStarted(
                    logger, e.Name, e.Seed, e.Parameters, e.ResumedFrom ?? "the beginning", e.Versions.ToString(), e.Hardware.ToString());
                break;
            case EpochStarted e:
                Log.EpochStarted(logger, e.Epoch, e.LearningRate);
                break;
            case StepProgress e:
                Log.StepProgress(logger, e.Epoch, e.Step, e.Loss, e.FrameAccuracy, e.FramesPerSecond);
                break;
            case CrossValidated e:
                Log.CrossValidated(logger, e.Epoch, e.Loss, e.FrameAccuracy, e.Seconds);
                break;
            case ScheduleDecided e:
                Log.ScheduleDecided(logger, e.Epoch, e.Accepted ? "accepted" : "rejected", e.LearningRate, e.Stop ? "stop" : "continue");
                break;
            case EpochFinished e:
                Log.EpochFinished(logger, e.Epoch, e.TrainLoss, e.CvLoss, e.CvAccuracy, e.Seconds);
                break;
            case WorkersExchanged e:
                Log.WorkersExchanged(logger, e.Epoch, e.Workers, e.Bytes, e.ExchangeSeconds, e.WaitingPercent);
                break;
            case RunTuned e:
                Log.RunTuned(logger, e.ToString());
                break;
            case CheckpointSaved e:
                Log.CheckpointSaved(logger, e.Folder, e.Epoch, e.Step);
                break;
            case SetDecoded e:
                Log.SetDecoded(logger, e.Set, e.Utterances, e.Incomplete, e.Seconds);
                break;
            case SetScored e:
                Log.SetScored(logger, e.Set, e.Measure, e.Percent, e.Reference);
                break;
            case RunCompared e:
                var verdicts = string.Join("; ", e.Sets.Select(set => $"{set.Set}: {set.Measure} {set.Verdict}"));
                Log.RunCompared(logger, e.Folder, verdicts);
                break;
            case WarningRaised e:
                Log.WarningRaised(logger, e.Message);
                break;
            case RunEnded e:
                var (level, reason) = e.Error is null ? (LogLevel.Information, "") : (LogLevel.Error, $": {e.Error}");
                var status = e.Status.ToString();
                Log.RunEnded(logger, level, status, reason);
                break;
        }
    }
}
