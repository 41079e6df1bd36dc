using System.Globalization;
using Mimir.Dist.Costs;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.ParameterServers;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Lab.Emulation;

/// <summary>The state that the workers of an emulated job share: the data, the modelled clock, the parameter server.</summary>
internal sealed class EmulatedJob
{
    private readonly StepClock _clock;
    private readonly Lazy<EmulatedServer> _server;
    private long _modelBytes;

    public EmulatedJob(Recipe recipe, ClusterModel cluster, int workers)
    {
        (Recipe, Cluster) = (recipe, cluster);
        _clock = new(cluster, recipe.Seed);
        _server = new(() => new(new ServerTimeline(Cluster, Workers, _modelBytes), Workers));
        Traces = [.. Enumerable.Range(0, workers).Select(_ => new WorkerTrace())];
    }

    public Recipe Recipe { get; }

    public ClusterModel Cluster { get; }

    /// <summary>Gets the number of workers, on the first devices of the cluster.</summary>
    public int Workers => Traces.Count;

    /// <summary>Gets the steps of each worker.</summary>
    public IReadOnlyList<WorkerTrace> Traces { get; }

    /// <summary>Gets the parameter server; null before there is one, and in modes without.</summary>
    public EmulatedServer? Server { get; private set; }

    /// <summary>Gets the sets in memory, which all workers share.</summary>
    public SetCache Sets { get; } = new();

    /// <summary>Gets the update mode; null for one worker.</summary>
    public UpdateOptions? Mode => Workers > 1 ? Recipe.Distribute.Update : null;

    /// <summary>The name of the machine that a worker counts as on.</summary>
    public string MachineOf(int worker) => string.Create(CultureInfo.InvariantCulture, $"emulated machine {Cluster.MachineOf(worker)}");

    /// <summary>Creates a worker's part of the update mode; one with a parameter server uses the emulated server of the job.</summary>
    /// <param name="mode">The update mode.</param>
    /// <param name="context">The collective and the transport.</param>
    /// <param name="worker">The rank.</param>
    /// <param name="parameters">The number of parameters of the model.</param>
    public IUpdateMode CreateMode(UpdateOptions mode, UpdateContext context, int worker, long parameters)
    {
        _modelBytes = parameters * sizeof(float);
        if (mode is not ServerOptions options)
            return mode.Create(context);

        Server = _server.Value;
        return options.Create(context, Server.Of(worker));
    }

    /// <summary>Announces that a worker begins its next step.</summary>
    public void StepBegins(int worker, int frames)
    {
        var step = Traces[worker].Add(frames);
        Server?.StepBegins(worker, _clock.StepSeconds(worker, step, frames));
    }

    /// <summary>The modelled times of all epochs, once they are over.</summary>
    /// <param name="validationFrames">The frames of the cross-validation set.</param>
    public IReadOnlyList<EpochTime> Times(long validationFrames)
    {
        var times = new List<EpochTime>();
        var first = 0L;
        for (var epoch = 0; epoch < Traces[0].Epochs.Count; epoch++)
        {
            IReadOnlyList<IReadOnlyList<int>> steps = [.. Traces.Select(trace => trace.Epochs[epoch])];
            var modelled = EpochTimeline.Of(Cluster, _clock, Mode, steps, first, _modelBytes, validationFrames, epoch + 1);
            times.Add(Server is null ? modelled : Server.Epochs[epoch] with { ValidationSeconds = modelled.ValidationSeconds });
            first += steps.Max(own => own.Count);
        }

        return times;
    }
}
