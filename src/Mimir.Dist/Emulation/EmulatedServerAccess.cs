using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Emulation;

/// <summary>A worker's way to the master of an emulated cluster.</summary>
internal sealed class EmulatedServerAccess(EmulatedServer server, int worker) : IServerAccess
{
    public IReadOnlyList<long> Staleness => worker == 0 ? server.Staleness : [];

    public void Regroup(WorkerGroup group) =>
        throw new NotSupportedException("the workers of an emulated cluster do not change");

    public void Serve(ParameterServer master, bool elastic) => server.Serve(master, elastic);

    // What serves next takes its place; nobody pushes in between.
    public ParameterServer? Stop() => null;

    public IReadOnlyDictionary<string, float[]> SaveState() => new Dictionary<string, float[]>();

    public ServerMessage Exchange(ServerMessage head, float[] vector, long[] applied) => server.Exchange(worker, head, vector, applied);

    public void Dispose()
    {
        // The server belongs to the job.
    }
}
