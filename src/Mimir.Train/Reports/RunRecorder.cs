using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mimir.Base;

namespace Mimir.Train.Reports;

/// <summary>
/// Writes down a run in its folder: <c>recipe.yaml</c>, <c>log.jsonl</c>, <c>tensorboard/</c>, and at the end
/// <c>summary.json</c> and <c>report.html</c>.
/// </summary>
public sealed class RunRecorder : IDisposable
{
    private readonly string _folder;
    private readonly string _recipe;
    private readonly ILogger _logger;
    private readonly RunLog _log;
    private readonly TensorBoardWriter _board;

    /// <summary>Opens the log of a new or resumed run.</summary>
    /// <param name="folder">The run's folder, made when it is missing.</param>
    /// <param name="recipe">The resolved recipe (<see cref="Recipes.LoadedRecipe.ToYaml"/>).</param>
    /// <param name="time">The clock.</param>
    /// <param name="resumedAt">The minibatch that a resumed run goes on from, or 0.</param>
    /// <param name="logger">Receives the events too; null for none.</param>
    public RunRecorder(string folder, string recipe, TimeProvider time, long resumedAt = 0, ILogger? logger = null)
    {
        Directory.CreateDirectory(folder);
        _folder = folder;
        _recipe = recipe;
        _logger = logger ?? NullLogger.Instance;
        AtomicFile.WriteText(Path.Combine(folder, "recipe.yaml"), recipe);
        _log = RunLog.Open(LogPath, time);
        _board = new TensorBoardWriter(Path.Combine(folder, "tensorboard"), time, resumedAt);
    }

    private string LogPath => Path.Combine(_folder, "log.jsonl");

    /// <summary>Appends an event to the log, and its numbers to TensorBoard's file.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Write(RunEvent happened)
    {
        _log.Write(happened);
        RunEventLog.Write(_logger, happened);
        switch (happened)
        {
            case StepProgress step:
                _board.Scalar("step/loss", step.Loss, step.Step);
                _board.Scalar("step/frame_accuracy", step.FrameAccuracy, step.Step);
                _board.Scalar("step/frames_per_second", step.FramesPerSecond, step.Step);
                break;
            case EpochFinished epoch:
                Epoch(epoch);
                break;
            case WorkersExchanged exchanged:
                Exchange(exchanged);
                break;
            case SetScored score:
                _board.Scalar($"{score.Measure.ToLowerInvariant()}/{score.Set}", score.Percent, 0);
                break;
        }
    }

    /// <summary>
    /// Ends the run: logs how, and writes <c>report.html</c> and at last <c>summary.json</c>, which says that all is there.
    /// </summary>
    /// <returns>The summary.</returns>
    public RunSummary Finish(RunStatus status, string? error = null)
    {
        Write(new RunEnded { Status = status, Error = error });
        var summary = RunSummary.From(RunLog.Read(LogPath));
        AtomicFile.WriteText(Path.Combine(_folder, "report.html"), HtmlReport.Render(summary, _recipe));
        summary.Write(Path.Combine(_folder, "summary.json"));
        return summary;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _log.Dispose();
        _board.Dispose();
    }

    private void Exchange(WorkersExchanged exchanged)
    {
        _board.Scalar("workers/waiting_percent", exchanged.WaitingPercent, exchanged.Epoch);
        _board.Scalar("workers/exchange_seconds", exchanged.ExchangeSeconds, exchanged.Epoch);
        _board.Scalar("workers/megabytes", exchanged.Bytes / 1e6, exchanged.Epoch);
        if (exchanged.InputStallPercent is { } stall)
            _board.Scalar("workers/input_stall_percent", stall, exchanged.Epoch);
    }

    private void Epoch(EpochFinished epoch)
    {
        if (epoch.Epoch > 0)
        {
            _board.Scalar("loss/train", epoch.TrainLoss, epoch.Epoch);
            _board.Scalar("frame_accuracy/train", epoch.TrainAccuracy, epoch.Epoch);
            _board.Scalar("learning_rate", epoch.LearningRate, epoch.Epoch);
        }

        _board.Scalar("loss/cv", epoch.CvLoss, epoch.Epoch);
        _board.Scalar("frame_accuracy/cv", epoch.CvAccuracy, epoch.Epoch);
        Measures("train", epoch.TrainMeasures, epoch.Epoch);
        Measures("cv", epoch.CvMeasures, epoch.Epoch);
    }

    private void Measures(string set, IReadOnlyDictionary<string, double>? measures, int epoch)
    {
        foreach (var (name, mean) in measures ?? new Dictionary<string, double>())
            _board.Scalar($"{name.Replace(' ', '_')}/{set}", mean, epoch);
    }
}
