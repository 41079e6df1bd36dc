using Mimir.Base.Options;
using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Boundaries;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Latbin;

/// <summary>The options of the programs that align lattices.</summary>
internal record LatticeAlignOptions
{
    /// <summary>Write lattices that aligned with errors (e.g. because the utterance was cut).</summary>
    [Option("output-error-lats")]
    public bool OutputErrors { get; init; } = true;

    /// <summary>True if the graph had self-loops behind the transition out of their state, as is usual.</summary>
    [Option("reorder")]
    public bool Reorder { get; init; } = true;
}

/// <summary>lattice-align-words: arcs with the transition-ids of one word each, by the places of phones in words.</summary>
internal sealed class LatticeAlignWordsTool()
    : KaldiTool<LatticeAlignWordsTool.Options>(
        "lattice-align-words",
        "Convert lattices so that the arcs in the CompactLattice format correspond with words (i.e. aligned with word boundaries).",
        "<word-boundary-file> <model> <lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeAlignOptions
    {
        /// <summary>Word of arcs of silence; 0 for none.</summary>
        [Option("silence-label")]
        public int SilenceLabel { get; init; }

        /// <summary>Word of partial words at the end of utterances that were cut; 0 for none.</summary>
        [Option("partial-word-label")]
        public int PartialWordLabel { get; init; }

        /// <summary>If above 0, give up on a lattice that grows by more than this factor, and 1000 states.</summary>
        [Option("max-expand")]
        public float MaxExpand { get; init; }

        /// <summary>Has no effect; accepted for scripts that give it.</summary>
        [Option("test")]
        public bool Test { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var boundaries = WordBoundaries.Read(arguments[0], io);
        var model = TransitionModel.Read(arguments[1], io);
        return AlignedLattices.Write(arguments[2], arguments[3], options.OutputErrors, log, io, lattice => WordAligner.Align(
            lattice,
            model,
            boundaries,
            new()
            {
                SilenceLabel = options.SilenceLabel,
                PartialWordLabel = options.PartialWordLabel,
                Reordered = options.Reorder,
                MaxStates = options.MaxExpand > 0 ? 1000 + (int)(options.MaxExpand * lattice.StateCount) : 0,
            }));
    }
}

/// <summary>lattice-align-words-lexicon: arcs with the transition-ids of one word each, by a lexicon.</summary>
internal sealed class LatticeAlignWordsLexiconTool()
    : KaldiTool<LatticeAlignWordsLexiconTool.Options>(
        "lattice-align-words-lexicon",
        "Convert lattices so that the arcs in the CompactLattice format correspond with words, by a lexicon in integer format with "
            + "lines word-in word-out phone1 phone2 ... phoneN.",
        "<lexicon-file> <model> <lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeAlignOptions
    {
        /// <summary>Write the lattice as it was where nothing of it can be aligned.</summary>
        [Option("output-if-empty")]
        public bool OutputIfEmpty { get; init; }

        /// <summary>Word of partial words at the end of utterances that were cut; 0 for none.</summary>
        [Option("partial-word-label")]
        public int PartialWordLabel { get; init; }

        /// <summary>If above 0, give up on a lattice that grows by more than this factor, and 1000 states.</summary>
        [Option("max-expand")]
        public float MaxExpand { get; init; } = -1;

        /// <summary>Has no effect; accepted for scripts that give it.</summary>
        [Option("test")]
        public bool Test { get; init; }

        /// <summary>Has no effect; accepted for scripts that give it.</summary>
        [Option("allow-duplicate-paths")]
        public bool AllowDuplicatePaths { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var lexicon = AlignmentLexicon.Read(arguments[0], io);
        var model = TransitionModel.Read(arguments[1], io);
        var settings = new LexiconAlignerOptions
        {
            PartialWordLabel = options.PartialWordLabel,
            Reordered = options.Reorder,
            MaxExpand = Math.Max(0, options.MaxExpand),
        };
        return AlignedLattices.Write(arguments[2], arguments[3], options.OutputErrors, log, io, lattice =>
        {
            var aligned = LexiconAligner.Align(lattice, model, lexicon, settings);
            return options.OutputIfEmpty && aligned is { IsComplete: false, Lattice.StateCount: 0 }
                ? aligned with { Lattice = lattice }
                : aligned;
        });
    }
}

/// <summary>lattice-align-phones: arcs with the transition-ids of one phone each.</summary>
internal sealed class LatticeAlignPhonesTool()
    : KaldiTool<LatticeAlignPhonesTool.Options>(
        "lattice-align-phones",
        "Convert lattices so that the arcs in the CompactLattice format correspond with phones; the output symbols are still words, "
            + "unless you specify --replace-output-symbols=true",
        "<model> <lattice-rspecifier> <lattice-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : LatticeAlignOptions
    {
        /// <summary>
        /// Join arcs without a word to those behind them; without --replace-output-symbols arcs then have several phones.
        /// </summary>
        [Option("remove-epsilon")]
        public bool RemoveEpsilons { get; init; } = true;

        /// <summary>Put phones in place of words.</summary>
        [Option("replace-output-symbols")]
        public bool ReplaceWords { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[0], io);
        var settings = new PhoneAlignerOptions
        {
            Reordered = options.Reorder,
            RemoveEpsilons = options.RemoveEpsilons,
            ReplaceWords = options.ReplaceWords,
        };
        return AlignedLattices.Write(
            arguments[1], arguments[2], options.OutputErrors, log, io, lattice => PhoneAligner.Align(lattice, model, settings));
    }
}

/// <summary>The loop of programs that align lattices.</summary>
internal static class AlignedLattices
{
    /// <summary>Writes the aligned lattices.</summary>
    /// <returns>True when more lattices were aligned than had errors.</returns>
    public static bool Write(
        string rspecifier, string wspecifier, bool outputErrors, KaldiLog log, KaldiIoOptions io,
        Func<WordLattice, AlignedLattice> align)
    {
        var (done, errors) = (0, 0);
        WordLattice.Table.Map(WordLattice.Table.Read(rspecifier, io), wspecifier, io, (key, lattice) =>
        {
            var aligned = Utterance.Run(key, () => align(lattice));
            foreach (var fault in aligned.Faults)
                log.Warning($"Lattice for {key}: {fault}");

            if (aligned.Lattice.StateCount == 0)
            {
                errors++;
                log.Warning($"Empty aligned lattice for {key}, producing no output.");
                return null;
            }

            if (aligned.IsComplete)
            {
                done++;
                return aligned.Lattice;
            }

            errors++;
            log.Warning(outputErrors
                ? $"Outputting partial lattice for {key}"
                : $"Lattice for {key} did not align correctly, producing no output.");
            return outputErrors ? aligned.Lattice : null;
        });
        log.Log($"Successfully aligned {done} lattices; {errors} had errors.");
        return done > errors;
    }
}
