namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>Puts the pushes of asynchronous workers into the order in which a server on a modelled cluster applies them. Pure.</summary>
/// <remarks>
/// A discrete-event simulation: a push leaves its worker, comes to the server, and is applied when the server admits it. An event
/// is taken only when no worker that still computes can cause an earlier one; at the same time the lower rank comes first. So the
/// order depends on the modelled times alone, however the workers' threads run.
/// </remarks>
/// <param name="timeline">The times of transfers and of the server's passes over the model.</param>
/// <param name="workers">The number of workers; all of them compute from time 0 on.</param>
public sealed class PushOrder(ServerTimeline timeline, int workers)
{
    private readonly SortedSet<(double Time, int Worker, bool AtServer)> _events = [];
    private readonly List<(int Worker, double Arrived)> _held = [];
    private readonly bool[] _isEmpty = new bool[workers];
    private readonly double[] _computesUntil = new double[workers];

    /// <summary>Announces that a worker computes, and pushes nothing before a time.</summary>
    /// <param name="worker">The rank.</param>
    /// <param name="until">The time, in seconds from the start of the job.</param>
    public void Computes(int worker, double until) => _computesUntil[worker] = until;

    /// <summary>Announces that a worker waits until it computes again.</summary>
    /// <param name="worker">The rank.</param>
    public void Rests(int worker) => _computesUntil[worker] = double.PositiveInfinity;

    /// <summary>Announces that a push leaves a worker, which then waits.</summary>
    /// <param name="worker">The rank.</param>
    /// <param name="at">The time in seconds.</param>
    /// <param name="isEmpty">True when it has no vector.</param>
    public void Push(int worker, double at, bool isEmpty)
    {
        Rests(worker);
        _isEmpty[worker] = isEmpty;
        _events.Add((at, worker, AtServer: false));
    }

    /// <summary>Finds the next push to be applied.</summary>
    /// <param name="admits">Returns true when the server may apply a worker's push now.</param>
    /// <param name="push">The worker, and the time when its push is in the model.</param>
    /// <returns>False when a worker that computes may still come first, or none has pushed.</returns>
    public bool TryNext(Func<int, bool> admits, out (int Worker, double Applied) push)
    {
        // One that was not admitted is not until another is applied, so that after the first look only a new one is asked for.
        for (var from = 0; ;)
        {
            var next = _held.FindIndex(from, held => admits(held.Worker));
            from = _held.Count;
            if (next >= 0)
            {
                var (worker, arrived) = _held[next];
                _held.RemoveAt(next);
                push = (worker, _isEmpty[worker] ? arrived : timeline.Applied(arrived));
                return true;
            }

            push = default;
            if (_events.Count == 0 || MayBeOvertaken(_events.Min))
                return false;

            Take(_events.Min);
        }
    }

    private bool MayBeOvertaken((double Time, int Worker, bool AtServer) first)
    {
        for (var worker = 0; worker < workers; worker++)
        {
            if ((_computesUntil[worker], worker).CompareTo((first.Time, first.Worker)) < 0)
                return true;
        }

        return false;
    }

    private void Take((double Time, int Worker, bool AtServer) first)
    {
        _events.Remove(first);
        if (first.AtServer)
            _held.Add((first.Worker, first.Time));
        else
            _events.Add((_isEmpty[first.Worker] ? first.Time : timeline.Arrives(first.Worker, first.Time), first.Worker, AtServer: true));
    }
}
