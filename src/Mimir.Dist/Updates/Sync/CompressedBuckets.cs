using Mimir.Base;
using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Updates.Sync;

/// <summary>Sums the buckets of a group's gradients with fewer bytes; each bucket keeps the residuals of its encoding.</summary>
/// <param name="transport">Joins the workers.</param>
/// <param name="group">The members.</param>
/// <param name="channel">The channel of the transport, which nobody else uses.</param>
/// <param name="codec">Encodes the gradients.</param>
internal sealed class CompressedBuckets(ITransport transport, WorkerGroup group, int channel, IGradientCodec codec)
{
    private readonly SortedDictionary<int, CompressedAllReduce> _buckets = [];

    /// <summary>The bytes that a worker's contribution of some elements takes.</summary>
    public long Bytes(int elements) => codec.Bytes(elements);

    /// <summary>Replaces a bucket with its sum over the group.</summary>
    /// <param name="offset">The place of its first element, which identifies it.</param>
    /// <param name="bucket">The gradients.</param>
    public void Sum(int offset, Span<float> bucket) => At(offset, bucket.Length).Sum(bucket);

    /// <summary>Clears the residuals.</summary>
    public void Clear()
    {
        foreach (var bucket in _buckets.Values)
        {
            bucket.LostContributions.Clear();
            bucket.LostSums.Clear();
        }
    }

    /// <summary>The residuals for a checkpoint: of all buckets one after the other, contributions and then sums.</summary>
    public float[] Save()
    {
        var residuals = new List<float>();
        foreach (var bucket in _buckets.Values)
        {
            residuals.AddRange(bucket.LostContributions);
            residuals.AddRange(bucket.LostSums);
        }

        return [.. residuals];
    }

    /// <summary>Restores residuals.</summary>
    /// <param name="residuals">The result of <see cref="Save"/>; empty: none.</param>
    /// <param name="length">All gradients.</param>
    /// <param name="size">The elements of a bucket.</param>
    /// <exception cref="InputException">They are of other buckets.</exception>
    public void Restore(ReadOnlySpan<float> residuals, int length, int size)
    {
        _buckets.Clear();
        if (residuals.Length == 0)
            return;

        var cuts = new GradientBuckets(length, size);
        cuts.AllReady();
        while (cuts.TryTake(out var offset, out var count))
            At(offset, count);

        var expected = _buckets.Values.Sum(bucket => bucket.LostContributions.Length + bucket.LostSums.Length);
        if (expected != residuals.Length)
        {
            throw new InputException(
                $"expected {expected} values of what compressed gradients have lost, got {residuals.Length}: they are of other buckets");
        }

        foreach (var bucket in _buckets.Values)
            residuals = Fill(bucket.LostSums, Fill(bucket.LostContributions, residuals));
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
