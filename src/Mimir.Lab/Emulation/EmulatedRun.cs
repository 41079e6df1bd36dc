using Mimir.Base;
using Mimir.Dist.Costs;
using Mimir.Dist.Transports;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Runs;

namespace Mimir.Lab.Emulation;

/// <summary>A recipe's run on a cluster that is not there: the mathematics of all workers is done, their time is modelled.</summary>
/// <remarks>
/// The workers are threads of this process, each with a trainer, a network and an update mode of its own, joined in memory. In all
/// modes but asgd what they compute does not depend on timing, so that the model is that of a real run, to the bit; in asgd the
/// pushes are applied in the order of modelled time. What is modelled is described at <see cref="EpochTimeline"/>.
/// </remarks>
public static class EmulatedRun
{
    // A worker may wait for all the others' computing, which takes turns on the cores that are there.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(12);

    /// <summary>Runs a recipe, from its beginning: an emulation does not go on where another was interrupted.</summary>
    /// <param name="loaded">The recipe; how many workers it asks for does not matter.</param>
    /// <param name="cluster">The modelled cluster.</param>
    /// <param name="workers">The number of workers, one on each of the first devices.</param>
    /// <param name="decode">Whether the sets are decoded after training.</param>
    /// <param name="restart">Whether an earlier run in the same folder is thrown away; else a finished one stays as it is.</param>
    /// <param name="progress">Follows the run.</param>
    /// <param name="time">The clock of the run's own log, which is that of this machine.</param>
    /// <param name="logging">The destination of the first worker's log messages.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="InputException">The recipe, the data or the cluster is wrong.</exception>
    /// <exception cref="IOException">A file is missing, or the disk is full.</exception>
    public static EmulatedResult Execute(
        LoadedRecipe loaded, ClusterModel cluster, int workers, bool decode, bool restart, ITrainingProgress progress, TimeProvider time,
        RunLogging logging, CancellationToken cancellation)
    {
        cluster.Validate();
        if (workers < 1 || workers > cluster.Devices)
            throw new InputException($"expected 1 to {cluster.Devices} workers for {cluster.Name}, got {workers}");

        if (!restart && TrainingRun.Finished(loaded) is { } finished)
            return Found(finished, cluster, workers);

        var job = new EmulatedJob(loaded.Recipe, cluster, workers);
        progress.Say(FormattableString.Invariant(
            $"emulating {workers} workers of {cluster.Name} as threads of this process"));
        var result = RunWorkers(loaded, job, decode, progress, time, logging, cancellation);
        if (result.Status != RunStatus.Ok)
            return new(result, null);

        var summary = Summarise(job);
        summary.Write(result.Folder.Root);
        return new(result, summary);
    }

    private static EmulatedResult Found(RunResult finished, ClusterModel cluster, int workers)
    {
        var times = EmulationSummary.TryRead(finished.Folder.Root);
        if (times is not null && (times.Cluster, times.Devices) == (cluster.Name, workers))
            return new(finished, times);

        var what = times is null ? "no emulation" : $"one of {times.Devices} workers of {times.Cluster}";
        throw new InputException(
            $"{finished.Folder.Root}: another finished run is here, {what}. Use --restart to throw it away, or give the recipe another "
            + "name (--set name=...).");
    }

    private static EmulationSummary Summarise(EmulatedJob job)
    {
        var validation = job.Sets.Set("cv", () => throw new InvalidOperationException("No cross-validation set was loaded."));
        var epochs = job.Times(validation.Frames);
        return new()
        {
            Cluster = job.Cluster.Name,
            Machines = job.Cluster.MachinesOf(job.Workers),
            Devices = job.Workers,
            Mode = job.Mode?.Name ?? "alone",
            FramesPerSecond = job.Cluster.Device.FramesPerSecond,
            Epochs = epochs,

            // The untrained network is validated too.
            Seconds = epochs.Sum(epoch => epoch.Seconds + epoch.ValidationSeconds) + (epochs.Count > 0 ? epochs[0].ValidationSeconds : 0),
        };
    }

    private static RunResult RunWorkers(
        LoadedRecipe loaded, EmulatedJob job, bool decode, ITrainingProgress progress, TimeProvider time, RunLogging logging,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var workers = job.Workers;
        var transports = workers == 1 ? [] : InProcessTransport.Create(workers, Patience, time);
        var results = new RunResult?[workers];
        Exception? failure = null;

        void Work(int rank)
        {
            var transport = workers == 1 ? null : transports[rank];
            try
            {
                using var team = transport is null ? WorkerTeam.Alone : WorkerTeam.Of(transport, machine: job.MachineOf(rank));
                var options = new RunOptions
                {
                    Restart = true,
                    Decode = decode,
                    Team = team,
                    Logging = rank == 0 ? logging : RunLogging.None,
                    Threads = workers > 1 ? 1 : null,
                    CreateUpdateMode = (mode, context, parameters) => job.CreateMode(mode, context, rank, parameters),
                    WrapDealer = dealer => new TracedDealer(dealer, job, rank),
                    LeasesInTurn = true,
                    Sets = job.Sets,
                };
                results[rank] = TrainingRun.Execute(
                    loaded, options, rank == 0 ? progress : SilentProgress.Instance, time, stop.Token);
            }
            catch (Exception error)
            {
                // The first failure is the one to tell; the others' is that they have lost a worker.
                Interlocked.CompareExchange(ref failure, error, null);
                stop.Cancel();
                job.Server?.Fail();
                transport?.Fail();
            }
        }

        var threads = Enumerable.Range(1, workers - 1)
            .Select(rank => new Thread(() => Work(rank)) { IsBackground = true, Name = FormattableString.Invariant($"worker {rank}") })
            .ToList();
        threads.ForEach(thread => thread.Start());
        Work(0);
        threads.ForEach(thread => thread.Join());
        if (failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);

        return results[0] ?? throw new InvalidOperationException("The first worker has ended without a result.");
    }
}
