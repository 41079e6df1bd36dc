using Mimir.Kaldi.Alignments;

namespace Mimir.Tests.Support;

/// <summary>A small transition model.</summary>
internal static class SomeTransitionModel
{
    /// <summary>Phone 1 has two states, phone 2 has one.</summary>
    public static TransitionModel Make(bool chain)
    {
        HmmState Emitting(int number, int pdfClass) =>
            new(pdfClass, pdfClass + (chain ? 1 : 0), [new(number, 0.75f), new(number + 1, 0.25f)]);
        var end = new HmmState(-1, -1, []);
        var topology = new HmmTopology(
        [
            new TopologyEntry([1], [Emitting(0, 0), Emitting(1, 1), end]),
            new TopologyEntry([2], [Emitting(0, 0), end]),
        ]);
        return chain
            ? new TransitionModel(topology, [new(1, 0, 0, 1), new(1, 1, 2, 3), new(2, 0, 4, 5)])
            : new TransitionModel(topology, [new(1, 0, 0), new(1, 1, 1), new(2, 0, 2)]);
    }
}
