using Microsoft.Extensions.Logging;

namespace Mimir.Train;

/// <summary>The log messages of training.</summary>
/// <remarks>
/// Event ids by area, over all projects: 1000 launch and rendezvous, 1100 transports, 1200 workers lost and admitted, 2000
/// data and features, 3000 training, 3100 checkpoints, 3200 tuning, 4000 decoding, 5000 lab, 9000 bugs and failed commands.
/// An event of <c>log.jsonl</c> has the same name here.
/// </remarks>
internal static partial class Log
{
    [LoggerMessage(
        2000, LogLevel.Information,
        "{Stage} of set '{Set}': {Utterances} utterances, {Frames} frames in {Seconds:0.00} s",
        EventName = "stage")]
    internal static partial void StageFinished(ILogger logger, string stage, string? set, long utterances, long frames, double seconds);

    [LoggerMessage(
        2001, LogLevel.Information,
        "{Bytes} bytes from {Source}: {Fetched} files fetched, {Found} in the cache, {Damaged} damaged there, {Retries} retries, "
        + "{Waited:0.00} s waited",
        EventName = "input")]
    internal static partial void CorpusFetched(
        ILogger logger, string source, long bytes, long fetched, long found, long damaged, long retries, double waited);

    [LoggerMessage(
        2002, LogLevel.Information,
        "set '{Set}': {Dropped} of {Utterances} utterances dropped: {Reasons}",
        EventName = "dropped")]
    internal static partial void UtterancesDropped(ILogger logger, string set, long dropped, long utterances, string reasons);

    [LoggerMessage(
        3000, LogLevel.Information,
        "run '{Name}', seed {Seed}, {Parameters} parameters, from {Place}; {Versions}; {Hardware}",
        EventName = "run-start")]
    internal static partial void RunStarted(
        ILogger logger, string name, ulong seed, long parameters, string place, string versions, string hardware);

    [LoggerMessage(3001, LogLevel.Information, "epoch {Epoch} begins at rate {Rate:G6}", EventName = "epoch-start")]
    internal static partial void EpochStarted(ILogger logger, int epoch, double rate);

    [LoggerMessage(
        3002, LogLevel.Debug,
        "epoch {Epoch}, step {Step}: loss {Loss:F4}, frame accuracy {Accuracy:F4}, {Speed:F0} frames/s",
        EventName = "step")]
    internal static partial void StepProgress(ILogger logger, int epoch, long step, double loss, double accuracy, double speed);

    [LoggerMessage(
        3003, LogLevel.Information,
        "epoch {Epoch}: cross-validation loss {Loss:F4}, frame accuracy {Accuracy:F4} in {Seconds:0.00} s",
        EventName = "cross-validation")]
    internal static partial void CrossValidated(ILogger logger, int epoch, double loss, double accuracy, double seconds);

    [LoggerMessage(3004, LogLevel.Information, "epoch {Epoch} is {Verdict}: rate {Rate:G6}, {Decision}", EventName = "schedule")]
    internal static partial void ScheduleDecided(ILogger logger, int epoch, string verdict, double rate, string decision);

    [LoggerMessage(
        3005, LogLevel.Information,
        "epoch {Epoch} ends: training loss {TrainLoss:F4}, cross-validation loss {CvLoss:F4} ({Accuracy:F4}), {Seconds:0.00} s",
        EventName = "epoch-end")]
    internal static partial void EpochFinished(ILogger logger, int epoch, double trainLoss, double cvLoss, double accuracy, double seconds);

    [LoggerMessage(
        3006, LogLevel.Information,
        "epoch {Epoch}: {Bytes} bytes exchanged among {Workers} workers in {Seconds:0.00} s, {Waiting:F1}% of the time waited",
        EventName = "exchange")]
    internal static partial void WorkersExchanged(ILogger logger, int epoch, int workers, long bytes, double seconds, double waiting);

    [LoggerMessage(3007, LogLevel.Warning, "{Text}", EventName = "warning")]
    internal static partial void WarningRaised(ILogger logger, string text);

    [LoggerMessage(EventId = 3008, EventName = "run-end", Message = "the run ends: {Status}{Reason}")]
    internal static partial void RunEnded(ILogger logger, LogLevel level, string status, string reason);

    [LoggerMessage(
        3009, LogLevel.Warning,
        "set '{Set}': utterance '{Utterance}' is set aside in epoch {Epoch}, step {Step}: {Reason}",
        EventName = "quarantine")]
    internal static partial void UtteranceQuarantined(
        ILogger logger, string set, string utterance, int epoch, long step, string reason);

    [LoggerMessage(3100, LogLevel.Information, "checkpoint {Folder}: epoch {Epoch}, step {Step}", EventName = "checkpoint")]
    internal static partial void CheckpointSaved(ILogger logger, string folder, int epoch, long step);

    [LoggerMessage(3200, LogLevel.Information, "tuned: {Changes}", EventName = "tune")]
    internal static partial void RunTuned(ILogger logger, string changes);

    [LoggerMessage(
        4000, LogLevel.Information,
        "set '{Set}' is decoded: {Utterances} utterances, {Incomplete} incomplete, {Seconds:0.00} s",
        EventName = "decode")]
    internal static partial void SetDecoded(ILogger logger, string set, long utterances, long incomplete, double seconds);

    [LoggerMessage(4001, LogLevel.Information, "set '{Set}': {Measure} {Percent:F2}% of {Reference}", EventName = "score")]
    internal static partial void SetScored(ILogger logger, string set, string measure, double percent, long reference);

    [LoggerMessage(4002, LogLevel.Information, "compared with {Folder}: {Verdicts}", EventName = "comparison")]
    internal static partial void RunCompared(ILogger logger, string folder, string verdicts);
}
