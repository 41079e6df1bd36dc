using Mimir.Base.Options;
using Mimir.Decode.Graphs;
using Mimir.Decode.Language;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Lmbin;

/// <summary>arpa2fst: compiles an ARPA language model to an acceptor.</summary>
internal sealed class Arpa2fstTool()
    : KaldiTool<Arpa2fstTool.Options>("arpa2fst", "Convert an ARPA format language model into an FST", "<input-arpa> [<output-fst>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Beginning of sentence symbol.</summary>
        [Option("bos-symbol")]
        public string SentenceStart { get; init; } = "<s>";

        /// <summary>End of sentence symbol.</summary>
        [Option("eos-symbol")]
        public string SentenceEnd { get; init; } = "</s>";

        /// <summary>Symbol such as #0 on the input of backoff arcs; with it the symbols of sentences become epsilons.</summary>
        [Option("disambig-symbol")]
        public string Disambiguation { get; init; } = "";

        /// <summary>Symbol table to use; n-grams with other words are skipped.</summary>
        [Option("read-symbol-table")]
        public string ReadSymbols { get; init; } = "";

        /// <summary>File for the symbol table that was generated.</summary>
        [Option("write-symbol-table")]
        public string WriteSymbols { get; init; } = "";

        /// <summary>Store the symbol table in the FST; always done where it is neither read nor written.</summary>
        [Option("keep-symbols")]
        public bool KeepSymbols { get; init; }

        /// <summary>Sort the arcs of the FST by input label.</summary>
        [Option("ilabel-sort")]
        public bool Sort { get; init; } = true;

        /// <summary>Most warnings to report; -1 reports all.</summary>
        [Option("max-arpa-warnings")]
        public int MaxWarnings { get; init; } = 30;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var warnings = 0;
        var compiler = new ArpaCompilerOptions
        {
            SentenceStart = options.SentenceStart,
            SentenceEnd = options.SentenceEnd,
            Disambiguation = options.Disambiguation.Length > 0 ? options.Disambiguation : null,
            Sort = options.Sort,
            Progress = log.Log,
            Warn = message =>
            {
                if (options.MaxWarnings < 0 || warnings++ < options.MaxWarnings)
                    log.Warning(message);
            },
        };
        var fst = options.ReadSymbols.Length > 0
            ? ArpaCompiler.Compile(arguments[0], SymbolTable.Read(options.ReadSymbols, io), compiler, io)
            : ArpaCompiler.Compile(arguments[0], compiler, io);
        if (options.MaxWarnings >= 0 && warnings > options.MaxWarnings)
        {
            log.Warning(
                $"Of {warnings} parse warnings, {options.MaxWarnings} were reported. Run program with --max-arpa-warnings=-1 to see all "
                + "warnings");
        }

        if (options.WriteSymbols.Length > 0)
            fst.InputSymbols!.Write(options.WriteSymbols, io);

        if (!options.KeepSymbols && options.ReadSymbols.Length + options.WriteSymbols.Length > 0)
            fst.InputSymbols = fst.OutputSymbols = null;

        FstWriter.Write(arguments.Count > 1 ? arguments[1] : "-", fst, io);
        return true;
    }
}
