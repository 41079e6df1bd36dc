using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>
/// Cost model of pushes to a parameter server beside worker 0, and of its answers. Links and server are busy until a time that it
/// keeps, so its members are called in the order of times: <see cref="Arrives"/> of pushes, the others of the pushes applied.
/// </summary>
/// <remarks>
/// <para>A worker makes the difference (4 passes over the model), which travels whole: through worker 0's memory, over the
/// link inside the server's machine, or over the network. Vectors that come to the server use its card, or its link inside the machine,
/// in turns, in the order of the pushes; answers go out in turns the other way.</para>
/// <para>The server has one thread: applying a push is 3 passes over the model, and reading the model for the answer 1. A worker
/// takes the answer over with 4 passes.</para>
/// <para>Limits: a card of the sending machine, which its workers share, is never busier than the server's; the server's thread
/// takes nothing from worker 0's computing; heads of messages cost their latency alone; delay compensation's and elastic
/// averaging's further passes are left out.</para>
/// </remarks>
/// <param name="cluster">Machines and links.</param>
/// <param name="workers">The number of workers: the first of the cluster.</param>
/// <param name="modelBytes">The bytes of a push, and of an answer.</param>
public sealed class ServerTimeline(ClusterModel cluster, int workers, long modelBytes)
{
    private const int PushPasses = 4;
    private const int ApplyPasses = 3;
    private const int AnswerPasses = 1;
    private const int PullPasses = 4;

    private readonly double _pass = modelBytes / cluster.Device.MemoryBandwidth;
    private readonly Direction _networkIn = new();
    private readonly Direction _networkOut = new();
    private readonly Direction _localIn = new();
    private readonly Direction _localOut = new();
    private double _serverFree;

    /// <summary>The time when a push has come whole.</summary>
    /// <param name="worker">The worker's rank.</param>
    /// <param name="pushedAt">The end of its step, in seconds; not before that of the call before.</param>
    public double Arrives(int worker, double pushedAt) => Travel(worker, pushedAt + (PushPasses * _pass), _networkIn, _localIn);

    /// <summary>The time when a push is in the model.</summary>
    /// <param name="arrived">The time when it came; one that was held back may have come before others that are applied already.</param>
    public double Applied(double arrived) => _serverFree = Math.Max(_serverFree, arrived) + (ApplyPasses * _pass);

    /// <summary>The time when a worker has the model and computes on.</summary>
    /// <param name="worker">The worker's rank.</param>
    /// <param name="applied">The time when its push, or the last of all at an epoch's end, was applied.</param>
    public double Answered(int worker, double applied)
    {
        _serverFree = Math.Max(_serverFree, applied) + (AnswerPasses * _pass);
        return Travel(worker, _serverFree, _networkOut, _localOut) + (PullPasses * _pass);
    }

    private double Travel(int worker, double from, Direction network, Direction local)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)worker, (uint)workers, nameof(worker));
        if (worker == 0)
            return from + _pass;

        return cluster.MachineOf(worker) == 0
            ? local.Take(cluster.Inside, from, modelBytes)
            : network.Take(cluster.Across, from, modelBytes);
    }

    /// <summary>One direction of a link, which one message uses at a time.</summary>
    private sealed class Direction
    {
        private double _free;

        public double Take(LinkModel link, double from, long bytes) =>
            _free = Math.Max(_free, from + link.Latency) + (bytes / link.Bandwidth);
    }
}
