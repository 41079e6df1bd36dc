using System.Globalization;
using System.Text;
using Mimir.Base;

namespace Mimir.Dist.Data.Ledgers;

/// <summary>
/// Checks a run's ledger: each utterance exactly once per epoch, with the frames that the corpus has, and every epoch of the run.
/// </summary>
public sealed class LedgerAudit
{
    private readonly bool _knowsRun;

    private LedgerAudit(IReadOnlyList<EpochAudit> epochs, int utterances, bool torn, PromisedEpochs? promised)
    {
        (Epochs, Utterances, Torn, _knowsRun) = (epochs, utterances, torn, promised is not null);
        Missing = [.. (promised ?? PromisedEpochs.Unknown).Missing(epochs)];
    }

    /// <summary>Gets the audits of the epochs.</summary>
    public IReadOnlyList<EpochAudit> Epochs { get; }

    /// <summary>Gets the number of utterances of the corpus.</summary>
    public int Utterances { get; }

    /// <summary>True when the last line was cut short by a crash; it does not count.</summary>
    public bool Torn { get; }

    /// <summary>Gets the epochs that the ledger lacks, has too many of or has in a wrong place, a line each.</summary>
    public IReadOnlyList<string> Missing { get; }

    /// <summary>True when every epoch of the run is there and sound.</summary>
    public bool Sound => Missing.Count == 0 && Epochs.All(epoch => epoch.Sound);

    /// <summary>Audits a run, also one that is under way.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="promised">The epochs that the run itself says it has trained; null when it says nothing.</param>
    /// <exception cref="FileNotFoundException">The run has no ledger.</exception>
    /// <exception cref="InputException">A line is not one of a ledger; the message has its place.</exception>
    public static LedgerAudit Run(string folder, PromisedEpochs? promised = null)
    {
        var path = Path.Combine(folder, Ledger.FileName);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"{path}: no such file; only runs of several workers keep a ledger, since their first epoch", path);

        var corpus = ReadCorpus(Path.Combine(folder, Ledger.CorpusFileName));
        var (names, frames) = (corpus.Keys.ToArray(), corpus.Values.ToArray());
        var index = names.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        List<EpochAudit> epochs = [];
        EpochCount? current = null;
        // The run may be writing.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var (left, line) = (Ledger.EndOfLastLine(file), 0);
        var torn = left < file.Length;
        file.Seek(0, SeekOrigin.Begin);
        using var reader = new StreamReader(file, Encoding.UTF8);
        while (left > 0 && reader.ReadLine() is { } next)
        {
            left -= Encoding.UTF8.GetByteCount(next) + 1;
            var place = $"{path}:{++line}";
            var entry = LedgerLine.Read(next, place);
            if (entry is LedgerEntry.Begun || current is null)
            {
                if (entry is not LedgerEntry.Begun)
                    throw new InputException($"{place}: expected the beginning of an epoch, got {next}");
                if (current is not null)
                    epochs.Add(current.Close(over: true));
                current = new(entry.Epoch, names, frames);
            }

            current.Count(entry, line, id => index.TryGetValue(id, out var found) ? found : -1);
        }

        if (current is not null)
            epochs.Add(current.Close(over: false));
        return new(epochs, names.Length, torn, promised);
    }

    /// <summary>The audit as lines for a terminal.</summary>
    /// <param name="limit">The most utterances to list of each kind.</param>
    public string ToText(int limit)
    {
        var text = new StringBuilder();
        foreach (var epoch in Epochs)
        {
            var ranks = string.Join(", ", epoch.ByRank.Select(pair => $"worker {pair.Key} {pair.Value}"));
            text.Append(
                CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}: {epoch.Completed} of {Utterances} utterances, {epoch.Frames} frames");
            text.Append(ranks.Length > 0 ? $" ({ranks})" : "");
            text.Append(epoch.Open > 0 ? $"; {epoch.Open} still to come" : "");
            text.Append(CultureInfo.InvariantCulture, $"; {epoch.Dropped.Count} dropped, {epoch.Lost.Count} lost, ");
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Wrong.Count} doubled or wrong\n");
            List(text, [.. epoch.Dropped.Select(drop => $"dropped: {drop.Utterance} ({drop.Reason})")], limit);
            List(text, [.. epoch.Lost.Select(utterance => $"lost: {utterance}")], limit);
            List(text, epoch.Wrong, limit);
        }

        if (Torn)
            text.Append("the last line was cut short by a crash and does not count\n");
        foreach (var line in Missing)
            text.Append(line).Append('\n');
        if (!_knowsRun)
            text.Append("the run has no log or summary beside its ledger: epochs missing at its end cannot be noticed\n");
        const string Good = "sound: each utterance once per epoch, with all its frames, or dropped with a reason\n";
        return text.Append(Sound ? Good : "NOT SOUND\n").ToString();
    }

    private static void List(StringBuilder text, IReadOnlyList<string> lines, int limit)
    {
        foreach (var line in lines.Take(limit))
            text.Append("  ").Append(line).Append('\n');
        if (lines.Count > limit)
            text.Append(CultureInfo.InvariantCulture, $"  … and {lines.Count - limit} more\n");
    }

    private static SortedDictionary<string, int> ReadCorpus(string path)
    {
        var corpus = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (number, line) in File.ReadLines(path).Index())
        {
            if (line.Split(' ') is not [var id, var frames]
                || !int.TryParse(frames, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || !corpus.TryAdd(id, count))
            {
                throw new InputException($"{path}:{number + 1}: expected an utterance, once, and its frames, got '{line}'");
            }
        }

        return corpus;
    }
}
