using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data;
using Mimir.Train.Sequences;

namespace Mimir.Train.Tests.Sequences;

public sealed class SequenceReferencesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Transition_ids_lie_as_the_frames_of_the_set_and_are_cut_to_its_lengths()
    {
        using (var writer = KaldiTables.IntVector.Create($"ark:{_folder.At("ali.1")}"))
        {
            writer.Write("a", [1, 2, 2]);
            writer.Write("dropped", [6]);
            writer.Write("b", [5, 6, 6]);
        }

        var corpus = new FrameCorpus(["a", "b"], [3, 2], 1, new float[5], null, new("train", 3, []));

        var references = new SequenceReferences(
            corpus, AlignmentSet.Read(_folder.At("ali.1"), SomeTransitionModel.Make(chain: false)));

        Assert.Equal([1, 2, 2], references.Of(0));
        Assert.Equal([5, 6], references.Of(1));
        Assert.Equal([6, 1], references.Of([0, 4, 1, 3], [1, 0]));
    }
}
