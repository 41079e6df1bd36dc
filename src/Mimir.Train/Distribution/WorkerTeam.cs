using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Mimir.Dist.Collectives;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;
using Mimir.Train.Checkpoints;
using Mimir.Train.Training;

namespace Mimir.Train.Distribution;

/// <summary>The workers of a run, as the run sees them: who this one is, and what all of them must agree on.</summary>
/// <remarks>All members call the same methods in the same order. A team of one agrees with itself.</remarks>
public sealed class WorkerTeam : IDisposable
{
    private const int DecisionChannel = 100;
    private const int ParcelChannel = 120;
    private const int ParcelBytes = 1 << 24;

    private readonly ITransport? _transport;
    private readonly RingCollective? _decisions;
    private readonly List<ICollective> _lent = [];

    private WorkerTeam(ITransport? transport, int sizeHere)
    {
        (_transport, SizeHere) = (transport, sizeHere);
        _decisions = transport is { WorldSize: > 1 } ? new RingCollective(transport, null, DecisionChannel) : null;
    }

    /// <summary>Gets the team of a run with one worker.</summary>
    public static WorkerTeam Alone { get; } = new(null, 1);

    /// <summary>Gets this worker, from 0.</summary>
    public int Rank => _transport?.Rank ?? 0;

    /// <summary>Gets the number of workers.</summary>
    public int Size => _transport?.WorldSize ?? 1;

    /// <summary>Gets the number of workers on this machine.</summary>
    public int SizeHere { get; }

    /// <summary>Gets whether this worker keeps the run: its log, its checkpoints, its model.</summary>
    public bool Keeps => Rank == 0;

    /// <summary>Makes the team of a job.</summary>
    /// <param name="transport">Joins the workers; it belongs to the team from here on.</param>
    /// <param name="sizeHere">The workers on this machine, which share its cores; 0, the default: all.</param>
    public static WorkerTeam Of(ITransport transport, int sizeHere = 0) =>
        new(transport, sizeHere > 0 ? sizeHere : transport.WorldSize);

    /// <summary>What an update mode of all workers runs on.</summary>
    /// <param name="channel">The first of <see cref="CollectiveFactory.Channels"/> channels, below the mode's own.</param>
    /// <exception cref="InvalidOperationException">The team is of one.</exception>
    public UpdateContext Context(int channel)
    {
        var transport = _transport ?? throw new InvalidOperationException("A team of one has nobody to join.");
        var collective = CollectiveFactory.Create(transport, null, channel);
        _lent.Add(collective);
        return new(collective) { Transport = transport };
    }

    /// <summary>The sum of what each worker has added up; the order of the additions is that of the ranks.</summary>
    public EpochTotals Sum(EpochTotals own)
    {
        if (_decisions is null)
            return own;

        var all = new double[3 * Size];
        (all[3 * Rank], all[(3 * Rank) + 1], all[(3 * Rank) + 2]) = (own.Loss, own.Correct, own.Frames);
        Gather(all);
        var sum = default(EpochTotals);
        for (var rank = 0; rank < Size; rank++)
            sum = sum.Add(all[3 * rank], all[(3 * rank) + 1], all[(3 * rank) + 2]);

        return sum;
    }

    /// <summary>Waits until all workers have come here.</summary>
    public void Meet() => Any(false);

    /// <summary>Whether any worker wishes something.</summary>
    public bool Any(bool wish)
    {
        if (_decisions is null)
            return wish;

        var all = new double[Size];
        all[Rank] = wish ? 1 : 0;
        Gather(all);
        return all.Any(one => one > 0);
    }

    /// <summary>Gives every worker the checkpoint of the first, or none.</summary>
    /// <param name="own">What the first worker has found; the others' counts for nothing.</param>
    public Checkpoint? Share(Checkpoint? own)
    {
        if (_transport is null || Size == 1)
            return own;

        if (Keeps)
        {
            for (var peer = 1; peer < Size; peer++)
                Send(_transport, peer, own);
            return own;
        }

        return Receive(_transport);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lent.ForEach(collective => collective.Dispose());
        _decisions?.Dispose();
        _transport?.Dispose();
    }

    private static Tag ParcelTag => new(ParcelChannel);

    // Bits are moved, not added, so that doubles travel as pairs of floats.
    private void Gather(double[] values)
    {
        var floats = MemoryMarshal.Cast<double, float>(values.AsSpan());
        _decisions?.AllGather(floats);
    }

    private static void Send(ITransport transport, int peer, Checkpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            transport.Send(peer, ParcelTag, []);
            return;
        }

        transport.Send(peer, ParcelTag, JsonSerializer.SerializeToUtf8Bytes(checkpoint.State, StateJson.Default.TrainingState));
        transport.Send(peer, ParcelTag, BitConverter.GetBytes(checkpoint.Vectors.Count));
        foreach (var (name, vector) in checkpoint.Vectors)
        {
            transport.Send(peer, ParcelTag, Encoding.UTF8.GetBytes(name));
            transport.Send(peer, ParcelTag, BitConverter.GetBytes(vector.Length));
            for (var begin = 0; begin < vector.Length; begin += ParcelBytes / sizeof(float))
                transport.Send(peer, ParcelTag, MemoryMarshal.AsBytes(Part(vector, begin)));
        }
    }

    private static Checkpoint? Receive(ITransport transport)
    {
        var text = transport.ReceiveMessage(0, ParcelTag, ParcelBytes);
        if (text.Length == 0)
            return null;

        var state = JsonSerializer.Deserialize(text, StateJson.Default.TrainingState)
            ?? throw new InvalidDataException("worker 0 sent no state of a training run");
        var vectors = new Dictionary<string, float[]>();
        for (var left = BitConverter.ToInt32(transport.ReceiveMessage(0, ParcelTag, sizeof(int))); left > 0; left--)
        {
            var name = Encoding.UTF8.GetString(transport.ReceiveMessage(0, ParcelTag, ParcelBytes));
            var vector = new float[BitConverter.ToInt32(transport.ReceiveMessage(0, ParcelTag, sizeof(int)))];
            for (var begin = 0; begin < vector.Length; begin += ParcelBytes / sizeof(float))
                transport.Receive(0, ParcelTag, MemoryMarshal.AsBytes(Part(vector, begin)));
            vectors[name] = vector;
        }

        return new(state, vectors);
    }

    private static Span<float> Part(float[] vector, int begin) =>
        vector.AsSpan(begin, Math.Min(ParcelBytes / sizeof(float), vector.Length - begin));
}
