using Mimir.Base.Options;
using Mimir.Decode.Alignment;
using Mimir.Decode.Building;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>The options of programs that make graphs of texts and align with them.</summary>
internal sealed record TextAlignmentOptions : DisambiguationOptions
{
    /// <summary>Beams and scale of the acoustics.</summary>
    [IncludeOptions]
    public AlignmentOptions Alignment { get; init; } = new();

    /// <summary>Scales of the graph.</summary>
    [IncludeOptions]
    public TrainingGraphOptions Graphs { get; init; } = new();
}

/// <summary>align-mapped: makes graphs of texts and aligns log-likelihoods of a network with them.</summary>
internal sealed class AlignMappedTool()
    : KaldiTool<TextAlignmentOptions>(
        "align-mapped",
        "Generate alignments, reading log-likelihoods as matrices (the model is needed only for its transitions).",
        "<tree-in> <trans-model-in> <lexicon-fst-in> <feature-rspecifier> <transcriptions-rspecifier> <alignments-wspecifier>")
{
    protected override bool Execute(TextAlignmentOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var model = TransitionModel.Read(arguments[1], io);
        var graphs = TrainingGraphInputs.Make(arguments, model, options.Disambiguation(io), options.Graphs, io);
        return TextAlignment.Run(
            model, graphs, options, arguments, (_, _, matrix) => new MatrixScores(matrix.Data, matrix.Rows, matrix.Columns), log, io);
    }
}
