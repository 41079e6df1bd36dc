using Microsoft.Extensions.Logging;

namespace Mimir.Dist.Launch;

/// <summary>The workers of a job from their start to the end of the last.</summary>
internal sealed class JobRun : IDisposable
{
    private const int NoWorkerRan = 1;
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(2);

    private readonly JobLauncherOptions _options;
    private readonly JobEnvironment _environment;
    private readonly Restarts _restarts;
    private readonly JobWatchdog _watchdog;
    private readonly Timer? _heart;
    private readonly Action<string> _output;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly List<WorkerProcess> _workers = [];
    private readonly List<(WorkerProcess Worker, Task End)> _running = [];
    private readonly List<(WorkerSlot Slot, Task Pause)> _restarting = [];
    private readonly SortedSet<int> _lost = [];
    private readonly CancellationTokenSource _grace = new();
    private int? _code;
    private volatile bool _isEnding;

    /// <summary>Starts all workers.</summary>
    /// <param name="options">The workers and their command.</param>
    /// <param name="environment">The job's id, token and rendezvous.</param>
    /// <param name="restarts">The restarts that are left.</param>
    /// <param name="watchdog">Knows the processes by its mark.</param>
    /// <param name="output">Receives the lines of the workers.</param>
    /// <param name="logger">Receives a message of each start and end.</param>
    /// <exception cref="IOException">The program cannot be started.</exception>
    public JobRun(
        JobLauncherOptions options, JobEnvironment environment, Restarts restarts, JobWatchdog watchdog, Action<string> output,
        ILogger logger)
    {
        (_options, _environment, _restarts, _watchdog, _output, _logger) = (options, environment, restarts, watchdog, output, logger);
        try
        {
            foreach (var slot in options.Slots)
                Start(slot, environment);
            if (options.Heartbeats && options.Slots.Any(slot => slot.Host != HostList.Here))
                _heart = new(_ => Beat(), null, HeartbeatInterval, HeartbeatInterval);
        }
        catch (IOException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Sends SIGTERM to all.</summary>
    public void Terminate()
    {
        lock (_gate)
        {
            _isEnding = true;
            _workers.ForEach(worker => worker.Terminate());
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <param name="ending">When cancelled, nobody is restarted.</param>
    /// <returns>The job's exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken ending)
    {
        while (_running.Count > 0)
        {
            try
            {
                await Task.WhenAny(_running.Select(one => one.End).Concat(_restarting.Select(one => one.Pause)))
                    .WaitAsync(_grace.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                var left = string.Join(", ", _running.Select(one => one.Worker.Slot.Rank).Order());
                Log.WorkersKilled(_logger, left, _options.Grace.TotalSeconds);
                return _code ?? NoWorkerRan;
            }

            // The end of rank 0 is that of the job: before it come those that ended at about the same time.
            foreach (var one in _running.Where(one => one.End.IsCompleted).OrderByDescending(one => one.Worker.Slot.Rank).ToList())
            {
                _running.Remove(one);
                HandleExit(one.Worker, ending.IsCancellationRequested);
            }

            foreach (var one in _restarting.Where(one => one.Pause.IsCompleted).ToList())
            {
                _restarting.Remove(one);
                if (!ending.IsCancellationRequested)
                    Start(one.Slot, _environment with { IsRejoining = true });
            }
        }

        if (_lost.Count > 0)
            Log.JobEndedWithout(_logger, string.Join(", ", _lost));
        return _code ?? 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _heart?.Dispose();
        foreach (var worker in _workers)
        {
            worker.Kill();
            worker.Dispose();
        }

        _grace.Dispose();
    }

    private void Start(WorkerSlot slot, JobEnvironment environment)
    {
        lock (_gate)
        {
            if (_isEnding)
                return;

            var worker = WorkerProcess.Start(slot, _options, environment.Of(slot, _options.Slots.Count), _watchdog.Mark, _output);
            Log.WorkerStarted(_logger, slot.Rank, slot.Host, _options.Command[0]);
            _workers.Add(worker);
            _running.Add((worker, worker.WaitAsync(CancellationToken.None)));
            _lost.Remove(slot.Rank);
        }
    }

    private void Beat()
    {
        lock (_gate)
            _workers.ForEach(worker => worker.Beat());
    }

    private void HandleExit(WorkerProcess worker, bool isEnding)
    {
        var (rank, code) = (worker.Slot.Rank, worker.ExitCode);
        if (_options.FaultTolerant && rank != 0)
        {
            if (code != 0 && _code is null && !isEnding && !_isEnding)
                HandleLoss(worker);
            else if (code != 0)
                Log.WorkerEnded(_logger, rank, code);
            return;
        }

        if (code == 0 && !_options.FaultTolerant)
            return;

        // Without rank 0 no worker can rejoin.
        _restarting.ForEach(_ => _restarts.Return());
        _restarting.Clear();
        if (code != 0 && _code is null)
            Log.WorkerEnded(_logger, rank, code);
        _code ??= code;
        _grace.CancelAfter(_options.Grace);
    }

    private void HandleLoss(WorkerProcess worker)
    {
        _lost.Add(worker.Slot.Rank);
        if (!_restarts.Take())
        {
            Log.WorkerGivenUp(_logger, worker.Slot.Rank, worker.ExitCode);
            return;
        }

        Log.WorkerRestarts(_logger, worker.Slot.Rank, worker.ExitCode, _restarts.Pause.TotalSeconds, _restarts.Next);
        _restarting.Add((worker.Slot, Task.Delay(_restarts.Pause, _options.Time)));
    }
}
