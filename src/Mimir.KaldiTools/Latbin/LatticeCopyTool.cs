using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-copy: copies lattices, all or some, to another form.</summary>
internal sealed class LatticeCopyTool()
    : KaldiTool<LatticeCopyTool.Options>(
        "lattice-copy",
        "Copy lattices (e.g. useful for changing to text mode or changing format to standard from compact lattice.)",
        "<lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write word lattices; otherwise lattices of transition-ids.</summary>
        [Option("write-compact")]
        public bool WriteCompact { get; init; } = true;

        /// <summary>File whose lines begin with the utterances to copy.</summary>
        [Option("include")]
        public string Include { get; init; } = "";

        /// <summary>File whose lines begin with the utterances to leave out.</summary>
        [Option("exclude")]
        public string Exclude { get; init; } = "";

        /// <summary>Exit with status 0 even if no lattices are copied.</summary>
        [Option("ignore-missing")]
        public bool IgnoreMissing { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options.Include.Length > 0 && options.Exclude.Length > 0)
            throw new InputException("--include and --exclude exclude each other.");

        var listed = options.Include + options.Exclude is { Length: > 0 } path ? ReadList(path, io) : null;
        var total = 0;
        var done = options.WriteCompact
            ? WordLattice.Table.WriteAll(arguments[1], Chosen(WordLattice.Table), io)
            : Lattice.Table.WriteAll(arguments[1], Chosen(Lattice.Table), io);
        log.Log(listed is null ? $"Done copying {done} lattices." : $"Wrote {done} out of {total} utterances.");
        return done != 0 || options.IgnoreMissing;

        IEnumerable<KeyValuePair<string, T>> Chosen<T>(Table<T> table)
        {
            foreach (var entry in table.Read(arguments[0], io))
            {
                total++;
                if (listed is null || listed.Contains(entry.Key) == options.Include.Length > 0)
                    yield return entry;
            }
        }
    }

    private static HashSet<string> ReadList(string path, KaldiIoOptions io)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        using var text = KaldiInput.OpenText(path, io);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            names.Add(words.Length > 0
                ? words[0]
                : throw new InputException($"{path}:{number}: expected an utterance, got an empty line."));
        }

        return names;
    }
}
