using System.Text.Json;
using Mimir.Base;

namespace Mimir.Dist.Data.Leases;

/// <summary>What a checkpoint keeps of the distribution of data.</summary>
public sealed record LeaseCheckpoint
{
    /// <summary>Gets the epoch's leases.</summary>
    public required LeasePoolState Pool { get; init; }

    /// <summary>Gets the length of the ledger, for <see cref="Ledgers.Ledger.Open"/>: what was written later did not happen.</summary>
    public required long LedgerBytes { get; init; }

    /// <summary>Writes a file.</summary>
    /// <param name="path">The file to create or replace.</param>
    public void Write(string path) => AtomicFile.WriteText(path, JsonSerializer.Serialize(this, DataJson.Default.LeaseCheckpoint) + "\n");

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">It is damaged.</exception>
    public static LeaseCheckpoint Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), DataJson.Default.LeaseCheckpoint)
                ?? throw new InputException($"{path}: expected the leases of a checkpoint, got null");
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}:{(error.LineNumber ?? 0) + 1}: expected the leases of a checkpoint, got {error.Message}", error);
        }
    }
}
