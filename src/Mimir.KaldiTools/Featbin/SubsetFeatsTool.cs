using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>subset-feats: copies the first utterances, those of a list, or all others.</summary>
internal sealed class SubsetFeatsTool()
    : KaldiTool<SubsetFeatsTool.Options>(
        "subset-feats",
        "Copy a subset of features (by default, the first n feature files).",
        "<in-rspecifier> <out-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Number of utterances that are copied.</summary>
        [Option("n")]
        public int Count { get; init; } = 10;

        /// <summary>File of utterances to copy: the first word of each line.</summary>
        [Option("include")]
        public string Include { get; init; } = "";

        /// <summary>File of utterances to leave out: the first word of each line.</summary>
        [Option("exclude")]
        public string Exclude { get; init; } = "";
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var listed = options.Include.Length + options.Exclude.Length > 0;
        if (listed && (options.Count != 10 || (options.Include.Length > 0 && options.Exclude.Length > 0)))
            throw new InputException("--n, --include and --exclude: expected one of them.");
        if (options.Count < 1)
            throw new InputException($"--n={options.Count}: expected 1 or more.");

        var input = KaldiTables.Matrix.Read(arguments[0], io);
        if (!listed)
        {
            KaldiTables.Matrix.WriteAll(arguments[1], input.Take(options.Count), io);
            return true;
        }

        var list = options.Include.Length > 0 ? options.Include : options.Exclude;
        var keys = ScriptFile.ReadLines(list, io).Select(line => line.Key).ToHashSet();
        var counts = KaldiTables.Matrix.Map(
            input, arguments[1], io, (key, features) => keys.Contains(key) == options.Include.Length > 0 ? features : null);
        log.Log($"{(options.Include.Length > 0 ? "Kept" : "Wrote")} {counts.Done} of {counts.Done + counts.Errors} utterances.");
        return counts.Done != 0;
    }
}
