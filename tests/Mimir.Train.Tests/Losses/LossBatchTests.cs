using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Losses;

namespace Mimir.Train.Tests.Losses;

public class LossBatchTests
{
    private static readonly int[] Lengths = [3, 0, 5, 2];

    [Fact]
    public void Each_sequence_of_a_batch_knows_its_utterance_and_place()
    {
        var corpus = Corpus();
        var layout = new SequenceLayout([4, 2]);
        int[] rows = [4, 8, 5, 9, 6, 7];
        var targets = new TargetBatch(FrameTargets.FromClasses(new int[10]));
        targets.Gather(rows);
        using var table = new FrameTable(Device.Cpu, corpus.Features, corpus.Dim, corpus.Lengths);

        var parts = new LossBatch(table, new(rows, layout), targets).Utterances(corpus);

        // Utterance 2 has frames 3 to 7, utterance 3 the last two; the first sequence begins a frame later.
        Assert.Equal([new(2, 1, 4), new(3, 0, 2)], parts);
    }

    [Fact]
    public void Augmented_rows_are_of_the_utterance_that_has_their_targets()
    {
        var corpus = Corpus();
        int[] rows = [0, 1];
        var targets = new TargetBatch(FrameTargets.FromClasses(new int[10])) { Sources = [9, 0] };
        targets.Gather(rows);
        using var table = new FrameTable(Device.Cpu, corpus.Features, corpus.Dim, corpus.Lengths);

        var parts = new LossBatch(table, new(rows, new SequenceLayout([1, 1])), targets).Utterances(corpus);

        Assert.Equal([new(3, 1, 1), new(0, 0, 1)], parts);
    }

    [Fact]
    public void Measures_of_batches_add_up_and_are_means_in_the_end()
    {
        var totals = default(EpochTotals)
            .Add(1, 0, 10, measures: [new("label error", 3, 4)])
            .Add(1, 0, 10, measures: [new("label error", 1, 4)]);

        Assert.Equal(0.5, Measure.Means(totals.Measures)?["label error"]);
        Assert.Null(Measure.Means(default(EpochTotals).Add(1, 0, 10).Measures));
    }

    private static FrameCorpus Corpus() =>
        new(["a", "none", "b", "c"], Lengths, 1, new float[10], null, new DropReport("train", 4, []));
}
