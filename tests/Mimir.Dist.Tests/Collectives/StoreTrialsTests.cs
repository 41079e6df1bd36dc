using Mimir.Dist.Collectives;

namespace Mimir.Dist.Tests.Collectives;

public sealed class StoreTrialsTests
{
    private const int Length = 1_000_000;

    [Fact]
    public void Begin_keeps_to_the_quicker_way_and_tries_the_other_now_and_then()
    {
        var (trials, decisions) = (new StoreTrials(leads: true), new int[StoreTrials.Decisions]);

        var around = Run(trials, decisions, sums: 330, through: 3, aroundTime: 10);

        Assert.InRange(around, 9, 13);
    }

    [Fact]
    public void Begin_changes_the_way_when_the_times_change()
    {
        var (trials, decisions) = (new StoreTrials(leads: true), new int[StoreTrials.Decisions]);
        Run(trials, decisions, sums: 100, through: 3, aroundTime: 10);

        Run(trials, decisions, sums: 100, through: 12, aroundTime: 6);

        Assert.InRange(Run(trials, decisions, sums: 100, through: 12, aroundTime: 6), 90, 100);
    }

    [Fact]
    public void Every_member_takes_the_way_that_the_first_has_decided()
    {
        var decisions = new int[StoreTrials.Decisions];
        var (first, second) = (new StoreTrials(leads: true), new StoreTrials(leads: false));
        for (var sum = 0; sum < 100; sum++)
        {
            var length = sum % 3 == 0 ? Length : Length / 10;
            var way = first.Begin(length, decisions);

            Assert.Equal(way, second.Begin(length, decisions));
            first.End(length, way, TimeSpan.FromMilliseconds(way ? 2 : 3));
            second.End(length, way, TimeSpan.FromMilliseconds(way ? 3 : 2));
        }
    }

    /// <summary>The sums that went around the cache.</summary>
    private static int Run(StoreTrials trials, int[] decisions, int sums, int through, int aroundTime)
    {
        var count = 0;
        for (var sum = 0; sum < sums; sum++)
        {
            var around = trials.Begin(Length, decisions);
            trials.End(Length, around, TimeSpan.FromMilliseconds(around ? aroundTime : through));
            count += around ? 1 : 0;
        }

        return count;
    }
}
