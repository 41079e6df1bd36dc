using Mimir.Base;
using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates;

/// <summary>Sums the buckets of a group's gradients with fewer bytes; each bucket remembers what its encoding has lost.</summary>
/// <param name="transport">Joins the workers.</param>
/// <param name="group">Who takes part.</param>
/// <param name="channel">Which of the conversations that go on at the same time.</param>
/// <param name="codec">How gradients are written.</param>
internal sealed class BucketSums(ITransport transport, WorkerGroup group, int channel, IGradientCodec codec)
{
    private readonly SortedDictionary<int, CompressedAllReduce> _buckets = [];

    /// <summary>The bytes that a worker's contribution of some elements takes.</summary>
    public long Bytes(int elements) => codec.Bytes(elements);

    /// <summary>Replaces a bucket with its sum over the group.</summary>
    /// <param name="offset">Where it begins, which tells it from the others.</param>
    /// <param name="bucket">The gradients.</param>
    public void Sum(int offset, Span<float> bucket) => At(offset, bucket.Length).Sum(bucket);

    /// <summary>Forgets what was lost.</summary>
    public void Forget()
    {
        foreach (var bucket in _buckets.Values)
        {
            bucket.LostContributions.Clear();
            bucket.LostSums.Clear();
        }
    }

    /// <summary>What was lost, for a checkpoint: of all buckets one after the other, contributions and then sums.</summary>
    public float[] Lost()
    {
        var lost = new List<float>();
        foreach (var bucket in _buckets.Values)
        {
            lost.AddRange(bucket.LostContributions);
            lost.AddRange(bucket.LostSums);
        }

        return [.. lost];
    }

    /// <summary>Goes on with what was lost.</summary>
    /// <param name="lost">What <see cref="Lost"/> gave; empty: nothing.</param>
    /// <param name="length">All gradients.</param>
    /// <param name="size">The elements of a bucket.</param>
    /// <exception cref="InputException">It is of other buckets.</exception>
    public void Restore(ReadOnlySpan<float> lost, int length, int size)
    {
        _buckets.Clear();
        if (lost.Length == 0)
            return;

        var cuts = new Buckets(length, size);
        cuts.AllReady();
        while (cuts.TryTake(out var offset, out var count))
            At(offset, count);

        var expected = _buckets.Values.Sum(bucket => bucket.LostContributions.Length + bucket.LostSums.Length);
        if (expected != lost.Length)
        {
            throw new InputException(
                $"expected {expected} values of what compressed gradients have lost, got {lost.Length}: they are of other buckets");
        }

        foreach (var bucket in _buckets.Values)
            lost = Fill(bucket.LostSums, Fill(bucket.LostContributions, lost));
    }

    private static ReadOnlySpan<float> Fill(Span<float> target, ReadOnlySpan<float> source)
    {
        source[..target.Length].CopyTo(target);
        return source[target.Length..];
    }

    private CompressedAllReduce At(int offset, int length)
    {
        if (!_buckets.TryGetValue(offset, out var bucket) || bucket.Length != length)
            _buckets[offset] = bucket = new(transport, group, codec, length, channel);
        return bucket;
    }
}
