using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Gmm.Trees;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>cluster-phones: finds sets of similar phones, for questions or as classes.</summary>
internal sealed class ClusterPhonesTool()
    : KaldiTool<ClusterPhonesTool.Options>(
        "cluster-phones",
        "Cluster phones (or sets of phones) into sets for various purposes",
        "<tree-stats-in> <phone-sets-in> <clustered-phones-out>")
{
    private const string Questions = "questions";
    private const string KMeans = "k-means";

    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Place of the phone itself in the window, from 0.</summary>
        [Option("central-position", Min = 0)]
        public int CentralPosition { get; init; } = 1;

        /// <summary>Has no effect; scripts give it to all programs about trees.</summary>
        [Option("context-width", Min = 1)]
        public int ContextWidth { get; init; } = 3;

        /// <summary>Classes of distributions that count, with colons between them: the middle of 3.</summary>
        [Option("pdf-class-list")]
        public string PdfClasses { get; init; } = "1";

        /// <summary>Use of the sets: questions, or k-means for a number of classes.</summary>
        [Option("mode")]
        public string Mode { get; init; } = Questions;

        /// <summary>Number of classes of the mode k-means.</summary>
        [Option("num-classes")]
        public int Classes { get; init; } = -1;
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var pdfClasses = AccTreeStatsTool.PhonesOf(options.PdfClasses, "--pdf-class-list");
        if (options.Mode is not (Questions or KMeans))
            throw new InputException($"option --mode: expected {Questions} or {KMeans}, got '{options.Mode}'.");
        if (options is { Mode: Questions, Classes: not -1 })
            throw new InputException($"option --num-classes is for --mode={KMeans}; leave it out.");

        var statistics = TreeStatistics.Read(arguments[0], io);
        var sets = PhoneSets.Read(arguments[1], io);
        var found = options.Mode == Questions
            ? PhoneClustering.FindQuestions(statistics, sets, pdfClasses, options.CentralPosition, log.ForTrees())
            : PhoneClustering.FindClasses(statistics, sets, pdfClasses, options.CentralPosition, options.Classes, log.ForTrees());
        PhoneSets.Write(arguments[2], found, io);
        log.Log($"Wrote questions to {arguments[2]}");
        return true;
    }
}
