using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mimir.Dist.Data;

/// <summary>One item to train on: for a speech trainer an utterance.</summary>
/// <param name="Id">Its name, unique in a corpus; without white space.</param>
/// <param name="Frames">Its length, at least 1.</param>
public readonly record struct DataItem(string Id, int Frames);

/// <summary>The items of an epoch in their order, the same on every worker.</summary>
public sealed class EpochItems
{
    /// <summary>Creates the list of an epoch.</summary>
    /// <param name="epoch">Its number, from 1.</param>
    /// <param name="items">The items, each once.</param>
    /// <exception cref="ArgumentException">An item has no id, no frames, or is there twice.</exception>
    public EpochItems(int epoch, IReadOnlyList<DataItem> items)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, 1);
        var seen = new HashSet<string>(items.Count, StringComparer.Ordinal);
        foreach (var item in items)
        {
            if (string.IsNullOrEmpty(item.Id) || item.Id.Any(char.IsWhiteSpace))
                throw new ArgumentException($"expected an id without white space, got '{item.Id}'", nameof(items));
            if (item.Frames < 1)
                throw new ArgumentException($"'{item.Id}' has {item.Frames} frames, expected at least 1", nameof(items));
            if (!seen.Add(item.Id))
                throw new ArgumentException($"'{item.Id}' is twice in epoch {epoch}", nameof(items));
        }

        Epoch = epoch;
        Items = items;
        Frames = items.Sum(item => (long)item.Frames);
        Fingerprint = FingerprintOf(items);
    }

    /// <summary>Gets the epoch's number.</summary>
    public int Epoch { get; }

    /// <summary>Gets the items in order.</summary>
    public IReadOnlyList<DataItem> Items { get; }

    /// <summary>Gets the frames of all items.</summary>
    public long Frames { get; }

    /// <summary>Gets a hash of the items and their order.</summary>
    public ulong Fingerprint { get; }

    private static ulong FingerprintOf(IReadOnlyList<DataItem> items)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        foreach (var item in items)
        {
            var id = Encoding.UTF8.GetBytes(item.Id);
            BinaryPrimitives.WriteInt32LittleEndian(number, id.Length);
            BinaryPrimitives.WriteInt32LittleEndian(number[4..], item.Frames);
            hash.AppendData(number);
            hash.AppendData(id);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }
}
