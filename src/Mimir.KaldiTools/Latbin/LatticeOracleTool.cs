using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Scoring;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>lattice-oracle: the fewest word errors of any path.</summary>
internal sealed class LatticeOracleTool()
    : KaldiTool<LatticeOracleTool.Options>(
        "lattice-oracle",
        "Finds the path having the smallest edit-distance between a lattice and a reference string.",
        "<test-lattice-rspecifier> <reference-rspecifier> <transcriptions-wspecifier> [<edit-distance-wspecifier>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Symbol table of words, to log them.</summary>
        [Option("word-symbol-table")]
        public string WordSymbolTable { get; init; } = "";

        /// <summary>File of words that do not count as errors.</summary>
        [Option("wildcard-symbols-list", Needs = "word-symbol-table")]
        public string WildcardList { get; init; } = "";

        /// <summary>Words that do not count as errors, as integers with colons between them.</summary>
        [Option("wildcard-symbols")]
        public string Wildcards { get; init; } = "";

        /// <summary>Table for lattices of the path that was found.</summary>
        [Option("write-lattices")]
        public string WriteLattices { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var names = options.WordSymbolTable.Length > 0 ? SymbolNames.Read(options.WordSymbolTable, io) : null;
        var wildcards = ReadWildcards(options, names, io);
        using var references = KaldiTables.IntVector.Open(arguments[1], io);
        using var outputs = new OutputTables(io);
        var transcripts = outputs.Add(KaldiTables.IntVector, arguments[2]);
        var edits = outputs.Add(KaldiTables.IntScalar, arguments.ElementAtOrDefault(3));
        var lattices = outputs.Add(WordLattice.Table, options.WriteLattices);
        var (done, failed, total) = (0, 0, default(ErrorCounts));
        outputs.Fill(() =>
        {
            foreach (var (key, lattice) in Lattice.Table.Read(arguments[0], io))
            {
                log.Plain($"Lattice {key} read.");
                if (!references.TryGet(key, out var reference))
                {
                    log.Warning($"No reference present for utterance {key}");
                    failed++;
                    continue;
                }

                done++;
                var words = lattice.ToWords();
                if (LatticeOracle.Find(words, reference, wildcards) is not { } path)
                {
                    log.Warning($"Best-path failed for key {key}");
                    failed++;
                    continue;
                }

                total += path.Errors;
                edits?.Invoke(key, (int)path.Errors.Errors);
                log.Log(Rate(path.Errors, "sub"));
                log.Log($"For utterance {key}, best cost {path.Errors.Errors}");
                transcripts?.Invoke(key, [.. path.Words]);
                if (names is not null)
                {
                    log.Plain(names.Line($"{key} (oracle)", path.Words));
                    log.Plain(names.Line($"{key} (reference)", path.Reference));
                }

                lattices?.Invoke(key, LatticeOracle.Restrict(words, path.Words, wildcards));
            }
        });
        log.Log($"Overall {Rate(total, "substitutions")}");
        log.Log($"Scored {done} lattices, {failed} not present in ref.");
        return true;
    }

    private static string Rate(ErrorCounts errors, string substitutions) =>
        $"%WER {KaldiLog.Number(100.0 * errors.Errors / errors.Reference)} [ {errors.Errors} / {errors.Reference}, {errors.Insertions} "
        + $"insertions, {errors.Deletions} deletions, {errors.Substitutions} {substitutions} ]";

    private static HashSet<int> ReadWildcards(Options options, SymbolNames? names, KaldiIoOptions io)
    {
        if (options.WildcardList.Length == 0)
            return [.. IntegerList.Parse("wildcard-symbols", options.Wildcards)];
        if (options.Wildcards.Length > 0)
            throw new InputException("--wildcard-symbols and --wildcard-symbols-list exclude each other.");

        var wildcards = new HashSet<int>();
        using var text = KaldiInput.OpenText(options.WildcardList, io);
        while (text.ReadLine() is { } line)
        {
            foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                wildcards.Add(names?.NumberOf(word) ?? throw new InputException(
                    $"{options.WildcardList}: '{word}' is not among the words of {options.WordSymbolTable}."));
            }
        }

        return wildcards;
    }
}
