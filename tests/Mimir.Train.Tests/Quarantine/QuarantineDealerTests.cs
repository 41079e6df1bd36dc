using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Quarantine;
using Mimir.Train.Recipes;
using Mimir.Train.Schedules;

namespace Mimir.Train.Tests.Quarantine;

public sealed class QuarantineDealerTests
{
    private static readonly int[] Lengths = [30, 12, 25, 40, 7];

    private static TrainingState State => new() { Fingerprint = "f", Epoch = 1, Schedule = new ScheduleState() };

    [Theory]
    [InlineData(BatchUnit.Frames)]
    [InlineData(BatchUnit.Utterances)]
    [InlineData(BatchUnit.Chunks)]
    public void TryNext_deals_all_frames_but_those_set_aside_at_the_same_positions(BatchUnit unit)
    {
        var batches = new BatchRecipe { Unit = unit, Frames = 20, Streams = 3, Chunk = 8 };
        var list = List(out var set);
        var dealer = new QuarantineDealer(BatchDealers.ForTraining(Lengths, batches, 3), list);
        var whole = BatchDealers.ForTraining(Lengths, batches, 3);
        list.Add(State, [new Suspect(3, SuspectKind.Loss, double.NaN, 1)]);
        dealer.Start(1);
        whole.Start(1);

        var rows = new List<int>();
        while (dealer.TryNext(out var batch))
        {
            rows.AddRange(batch.Rows);
            Assert.Equal(batch.Rows.Length, batch.Sequences?.Rows ?? batch.Rows.Length);
            while (whole.Position < dealer.Position)
                whole.TryNext(out _);
        }

        // Utterance 3 has the frames from 67 on.
        Assert.Equal([.. Enumerable.Range(0, 67), .. Enumerable.Range(107, 7)], rows.Order());
        Assert.Equal(40, dealer.LeftOut);
        Assert.Equal("u3", Assert.Single(set).Utterance);
    }

    [Fact]
    public void Add_beyond_the_limits_is_one_clear_line()
    {
        var list = List(out _, new QuarantineRecipe { MaxUtterances = 1, MaxShare = 1 });
        list.Add(State, [new Suspect(3, SuspectKind.Loss, double.NaN, 1)]);

        var error = Assert.Throws<InputException>(() => list.Add(State, [new Suspect(1, SuspectKind.Huge, 99, 1)]));

        Assert.Contains("2 of 5 training utterances are set aside, more than", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Restore_knows_what_a_state_holds()
    {
        var state = List(out _).Add(State, [new Suspect(3, SuspectKind.Loss, double.NaN, 1)]);
        var list = List(out _);

        list.Restore(state);

        Assert.Equal("its loss is NaN", list.ReasonOf(3));
        Assert.Null(list.ReasonOf(2));
    }

    private static QuarantineList List(out List<QuarantinedUtterance> added, QuarantineRecipe? limits = null)
    {
        List<QuarantinedUtterance> set = [];
        added = set;
        var list = new QuarantineList(limits ?? new() { MaxShare = 1 }, [.. Lengths.Select((_, u) => $"u{u}")], 0, set.Add);
        list.Lay(Lengths);
        return list;
    }
}
