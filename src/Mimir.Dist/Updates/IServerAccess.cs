using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Updates;

/// <summary>A worker's way to the master of <see cref="AsynchronousUpdate"/>, and the master's own place beside the first worker.</summary>
internal interface IServerAccess : IDisposable
{
    /// <summary>Gets the pushes by staleness; none on workers that do not run the master.</summary>
    IReadOnlyList<long> Staleness { get; }

    /// <summary>Goes on with other members.</summary>
    void Regroup(WorkerGroup group);

    /// <summary>Runs the master beside this worker, until <see cref="Stop"/>.</summary>
    /// <param name="server">The master.</param>
    /// <param name="elastic">Whether a push is answered with the elastic difference; else with the model.</param>
    void Serve(ParameterServer server, bool elastic);

    /// <summary>Ends the master, if it runs here; pushes that wait are not applied.</summary>
    ParameterServer? Stop();

    /// <summary>What a checkpoint keeps of the master, if it runs here.</summary>
    IReadOnlyDictionary<string, float[]> SaveState();

    /// <summary>Pushes, and waits for the answer.</summary>
    /// <param name="head">What is pushed.</param>
    /// <param name="vector">The push, where the head has frames; replaced by the model or the elastic difference.</param>
    /// <param name="applied">Replaced by the pushes in the model by rank, when it is the model that comes.</param>
    ServerMessage Exchange(ServerMessage head, float[] vector, long[] applied);
}
