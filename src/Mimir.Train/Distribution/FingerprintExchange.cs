using System.Text;
using Mimir.Base;
using Mimir.Dist;
using Mimir.Dist.Transports;

namespace Mimir.Train.Distribution;

/// <summary>Compares the workers of a job by way of the coordinator: either all go on, or all end with the difference.</summary>
internal static class FingerprintExchange
{
    private const int MostDifferences = 5;
    private const int MostBytes = 1 << 28;

    private static Tag Fingerprint => new(113);

    private static Tag Verdict => new(114);

    /// <summary>Compares this worker with the others; all call it, each with the same part of its fingerprint.</summary>
    /// <param name="transport">Joins the workers.</param>
    /// <param name="own">This worker's part.</param>
    /// <exception cref="InputException">A worker differs; the message names it and what differs.</exception>
    /// <exception cref="PeerLostException">A worker is lost.</exception>
    public static void Compare(ITransport transport, WorkerFingerprint own)
    {
        if (transport.Rank == 0)
        {
            Tell(transport, Collect(transport, own) ?? "");
            return;
        }

        transport.Send(0, Fingerprint, own.Write());
        if (transport.ReceiveMessage(0, Verdict, MostBytes) is { Length: > 0 } refusal)
            throw new InputException(Encoding.UTF8.GetString(refusal));
    }

    /// <summary>The reason why a worker cannot take part, or null when it can.</summary>
    /// <param name="rank">The worker.</param>
    /// <param name="own">The coordinator's fingerprint.</param>
    /// <param name="bytes">The worker's.</param>
    public static string? Refusal(int rank, WorkerFingerprint own, ReadOnlySpan<byte> bytes)
    {
        List<string> differences;
        try
        {
            differences = [.. own.Differences(WorkerFingerprint.Read(bytes))];
        }
        catch (InvalidDataException error)
        {
            return FormattableString.Invariant($"worker {rank}: {error.Message}");
        }

        if (differences.Count == 0)
            return null;

        var more = differences.Count > MostDifferences ? $"; and {differences.Count - MostDifferences} more" : "";
        return FormattableString.Invariant(
            $"worker {rank} does not train what worker 0 does: it {string.Join("; ", differences.Take(MostDifferences))}{more}. ")
            + "Start all workers with the same recipe, corpus and program.";
    }

    // The first refusal; it goes out when all have sent theirs, since nobody can send to a coordinator that has left.
    private static string? Collect(ITransport transport, WorkerFingerprint own)
    {
        string? refusal = null;
        for (var rank = 1; rank < transport.WorldSize; rank++)
        {
            try
            {
                var bytes = transport.ReceiveMessage(rank, Fingerprint, MostBytes);
                refusal ??= Refusal(rank, own, bytes);
            }
            catch (PeerLostException) when (refusal is not null)
            {
                // The difference is what the others are to hear of.
            }
        }

        return refusal;
    }

    private static void Tell(ITransport transport, string refusal)
    {
        for (var rank = 1; rank < transport.WorldSize; rank++)
        {
            try
            {
                transport.Send(rank, Verdict, Encoding.UTF8.GetBytes(refusal));
            }
            catch (PeerLostException) when (refusal.Length > 0)
            {
                // It has ended already.
            }
        }

        if (refusal.Length > 0)
            throw new InputException(refusal);
    }
}
