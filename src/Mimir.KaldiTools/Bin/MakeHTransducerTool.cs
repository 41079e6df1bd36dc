using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>make-h-transducer: makes the transducer from transition-ids to context-dependent phones, without self-loops.</summary>
internal sealed class MakeHTransducerTool()
    : KaldiTool<MakeHTransducerTool.Options>(
        "make-h-transducer",
        "Make H transducer from transition-ids to context-dependent phones, without self-loops [use add-self-loops to add them]",
        "<ilabel-info-file> <tree-file> <transition-gmm/acoustic-model> [<H-fst-out>]")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>File for the list of disambiguation symbols on the input of H.</summary>
        [Option("disambig-syms-out")]
        public string DisambiguationOut { get; init; } = "";

        /// <summary>Scale of transition probabilities, relative to the language model's.</summary>
        [Option("transition-scale")]
        public float TransitionScale { get; init; } = 1;

        /// <summary>Of grammars of several graphs, which are not supported; must be below 0.</summary>
        [Option("nonterm-phones-offset")]
        public int NontermPhonesOffset { get; init; } = -1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options.NontermPhonesOffset >= 0)
            throw new InputException("--nonterm-phones-offset: grammars of several graphs are not supported");

        var (fst, disambiguation) = HmmTransducer.Make(
            ContextLabels.Read(arguments[0], io),
            ContextDependency.Read(arguments[1], io),
            TransitionModel.Read(arguments[2], io),
            options.TransitionScale);
        if (options.DisambiguationOut.Length > 0)
            IntegerList.Write(options.DisambiguationOut, disambiguation, io);

        FstWriter.Write(arguments.Count > 3 ? arguments[3] : "-", fst, io);
        return true;
    }
}
