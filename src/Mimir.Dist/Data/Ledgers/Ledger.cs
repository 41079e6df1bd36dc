using Mimir.Base;
using Mimir.Dist.Data.Leases;

namespace Mimir.Dist.Data.Ledgers;

/// <summary>
/// The record of each utterance in each epoch: <c>ledger.jsonl</c> of a run, which only grows, and beside it
/// <c>ledger.corpus</c>, the utterances and their frames as Kaldi's <c>utt2num_frames</c>. Written by rank 0.
/// </summary>
/// <remarks>One thread at a time.</remarks>
public sealed class Ledger : ILeaseRecord, IDisposable
{
    /// <summary>The ledger's name in a run's folder.</summary>
    public const string FileName = "ledger.jsonl";

    /// <summary>The name of the list of utterances in a run's folder.</summary>
    public const string CorpusFileName = "ledger.corpus";

    private readonly FileStream _file;

    private Ledger(FileStream file) => _file = file;

    /// <summary>Begins the ledger of a run; an older one there is replaced.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="corpus">Every utterance that an epoch is to have.</param>
    public static Ledger Create(string folder, IEnumerable<DataItem> corpus)
    {
        AtomicFile.Write(Path.Combine(folder, CorpusFileName), stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
            foreach (var item in corpus.OrderBy(item => item.Id, StringComparer.Ordinal))
                writer.WriteLine(FormattableString.Invariant($"{item.Id} {item.Frames}"));
        });
        return new(new(Path.Combine(folder, FileName), FileMode.Create, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Opens the ledger of a run to continue it. A last line that a crash has cut short is removed.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="bytes">
    /// The length in the checkpoint from which the run goes on; later lines are cut off. Null: all.
    /// </param>
    /// <exception cref="InputException">The file is shorter than the checkpoint says, or another one.</exception>
    public static Ledger Open(string folder, long? bytes = null)
    {
        var path = Path.Combine(folder, FileName);
        var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            var end = bytes ?? EndOfLastLine(file);
            if (end < 0 || end > file.Length || end > 0 && !EndsLine(file, end))
            {
                throw new InputException(
                    $"{path}: expected at least {end} bytes and the end of a line there, as the checkpoint says, got {file.Length} bytes; "
                    + "put back the run's own ledger or go on from another checkpoint");
            }

            file.SetLength(end);
            file.Seek(0, SeekOrigin.End);
            return new(file);
        }
        catch (Exception)
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes that an epoch begins.</summary>
    /// <param name="epoch">The epoch.</param>
    public void Begin(EpochItems epoch) => Begin(epoch.Epoch, epoch.Items.Count, epoch.Frames);

    /// <summary>Writes that an epoch begins.</summary>
    /// <param name="epoch">Its number.</param>
    /// <param name="utterances">The number of its utterances.</param>
    /// <param name="frames">The number of their frames.</param>
    public void Begin(int epoch, int utterances, long frames) => Write(new LedgerEntry.Begun(epoch, utterances, frames));

    /// <summary>Writes that an utterance was trained on.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="item">The utterance's id.</param>
    /// <param name="rank">The worker; null when several have had parts of it.</param>
    /// <param name="step">The step, or block.</param>
    /// <param name="frames">The frames trained on.</param>
    public void Complete(int epoch, string item, int? rank, long step, int frames) =>
        LedgerLine.Write(new LedgerEntry.Completed(epoch, item, rank, step, frames), _file);

    /// <summary>Writes that nobody trains on an utterance.</summary>
    /// <param name="epoch">The epoch's number.</param>
    /// <param name="item">The utterance's id.</param>
    /// <param name="reason">The reason.</param>
    public void Drop(int epoch, string item, string reason) => LedgerLine.Write(new LedgerEntry.Dropped(epoch, item, reason), _file);

    /// <summary>Writes that an epoch is over.</summary>
    /// <param name="epoch">The epoch's number.</param>
    public void End(int epoch) => Write(new LedgerEntry.Ended(epoch));

    /// <summary>Flushes to the system, so that other processes can read it.</summary>
    public void Flush() => _file.Flush();

    /// <summary>Flushes to the disk, for a checkpoint.</summary>
    /// <returns>The file's length.</returns>
    public long Sync()
    {
        _file.Flush(flushToDisk: true);
        return _file.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>The end of the last whole line.</summary>
    internal static long EndOfLastLine(FileStream file)
    {
        var end = file.Length;
        while (end > 0 && !EndsLine(file, end))
            end--;

        return end;
    }

    private void Write(LedgerEntry entry)
    {
        LedgerLine.Write(entry, _file);
        _file.Flush();
    }

    private static bool EndsLine(FileStream file, long end)
    {
        file.Seek(end - 1, SeekOrigin.Begin);
        return file.ReadByte() == '\n';
    }
}
