using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Bin;

/// <summary>Searches a graph with the log-likelihoods of a network.</summary>
internal abstract class LatgenMappedTool<TOptions>(string name, string summary, TimeProvider time)
    : KaldiTool<TOptions>(
        name,
        summary,
        "<trans-model-in> (<fst-in>|<fsts-rspecifier>) <loglikes-rspecifier> <lattice-wspecifier> [<words-wspecifier>] "
        + "[<alignments-wspecifier>]")
    where TOptions : LatgenOptions, new()
{
    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io) =>
        new LatgenRun(options, arguments, log, io, time).Execute(
            TransitionModel.Read(arguments[0], io), matrix => new MatrixScores(matrix.Data, matrix.Rows, matrix.Columns));
}

/// <summary>latgen-faster-mapped: searches a graph with the log-likelihoods of a network.</summary>
internal sealed class LatgenFasterMappedTool(TimeProvider time)
    : LatgenMappedTool<LatgenOptions>(
        "latgen-faster-mapped",
        "Generate lattices, reading log-likelihoods as matrices (the model is needed only for its transitions)",
        time);

/// <summary>latgen-faster-mapped-parallel: the same on several threads.</summary>
internal sealed class LatgenFasterMappedParallelTool(TimeProvider time)
    : LatgenMappedTool<ParallelLatgenOptions>(
        "latgen-faster-mapped-parallel",
        "Generate lattices using multiple decoding threads, reading log-likelihoods as matrices",
        time);
