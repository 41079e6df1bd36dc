using Mimir.Core.Losses;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Data;

public sealed class EvaluationDealerTests
{
    private static readonly int[] Lengths = [3, 40, 0, 17, 40, 200, 1, 26];

    public static TheoryData<EvaluateRecipe> Ways => new(
        new EvaluateRecipe(),
        new EvaluateRecipe { Chunk = 10 },
        new EvaluateRecipe { Chunk = 1000 },
        new EvaluateRecipe { Chunk = 7, LeftContext = 5, RightContext = 3 },
        new EvaluateRecipe { Chunk = 20, LeftContext = 0, RightContext = 100 });

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_frame_counts_once_each_time(EvaluateRecipe way)
    {
        var dealer = new EvaluationDealer(Lengths, way, 100);
        for (var time = 0; time < 2; time++)
        {
            var counted = new List<int>();
            dealer.Start(1);
            while (dealer.TryNext(out var batch))
            {
                for (var row = 0; row < batch.Rows.Length; row++)
                {
                    if (batch.Context.IsEmpty || !batch.Context[row])
                        counted.Add(batch.Rows[row]);
                }
            }

            Assert.Equal(Enumerable.Range(0, Lengths.Sum()), counted.Order());
        }
    }

    [Fact]
    public void A_chunk_sees_the_frames_around_it_as_far_as_the_utterance_goes()
    {
        var dealer = new EvaluationDealer([9], new() { Chunk = 4, LeftContext = 2, RightContext = 1 }, 100);
        var (rows, context) = (new List<int[]>(), new List<int[]>());

        while (dealer.TryNext(out var batch))
        {
            rows.Add(batch.Rows.ToArray());
            context.Add([.. batch.Context.ToArray().Select((isContext, row) => (isContext, row)).Where(pair => pair.isContext)
                .Select(pair => pair.row)]);
        }

        Assert.Equal([[0, 1, 2, 3, 4], [2, 3, 4, 5, 6, 7, 8], [6, 7, 8]], rows);
        Assert.Equal([[4], [0, 1, 6], [0, 1]], context);
    }

    [Fact]
    public void Targets_of_context_have_no_weight()
    {
        var plain = new TargetBatch(FrameTargets.FromClasses([0, 1, 2, 3]));
        plain.Gather([1, 2, 3], [true, false, false]);
        var weighted = new TargetBatch(FrameTargets.FromClasses([0, 1, 2, 3], [1, 0, 3, 4]));
        weighted.Gather([1, 2, 3], [false, false, true]);

        Assert.Equal([0, 1, 1], plain.Weights.ToArray());
        Assert.Equal([0, 3, 0], weighted.Weights.ToArray());
        Assert.Equal((2, 1), (plain.Counted, weighted.Counted));
        plain.Gather([0]);
        Assert.True(plain.Weights.IsEmpty);
        Assert.Equal(1, plain.Counted);
        Assert.IsType<SoftTargets>(weighted.Soft);
    }
}
