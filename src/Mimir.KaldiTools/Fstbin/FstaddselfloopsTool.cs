using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>fstaddselfloops: adds loops that carry symbols of disambiguation through a lexicon.</summary>
internal sealed class FstaddselfloopsTool()
    : FstTool<NoOptions>(
        "fstaddselfloops",
        "Adds self-loops to states of an FST to propagate disambiguation symbols through it: to final states and those with an arc "
            + "that has an output symbol.",
        "<in-disambig-list> <out-disambig-list>")
{
    protected override void Change(
        VectorFst fst, NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io) =>
        Labels.AddLoops(fst, IntegerList.Read(arguments[0], io), IntegerList.Read(arguments[1], io));
}
