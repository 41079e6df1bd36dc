using Mimir.Base.Options;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>compile-questions: makes the questions of a tree from sets of phones.</summary>
internal sealed class CompileQuestionsTool()
    : KaldiTool<CompileQuestionsTool.Options>("compile-questions", "Compile questions", "<topo> <questions-text-file> <questions-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options : ContextOptions
    {
        /// <summary>Number of times that a question is refined for the place where it is asked.</summary>
        [Option("num-iters-refine", Min = 0)]
        public int RefineRounds { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var topology = HmmTopology.Read(arguments[0], io);
        var sets = PhoneSets.Read(arguments[1], io);
        TreeQuestions.Compile(topology, sets, options.ContextWidth, options.RefineRounds, log.ForTrees())
            .Write(arguments[2], options.Binary, io);
        log.Log($"Wrote questions to {arguments[2]}");
        return true;
    }
}
