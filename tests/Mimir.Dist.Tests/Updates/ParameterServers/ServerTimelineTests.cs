using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Tests.Updates.ParameterServers;

public sealed class ServerTimelineTests
{
    // 100 kB: a pass over the model is 0.1 ms, 0.1 s inside, 1 s across.
    private const long Bytes = 100_000;
    private const double Pass = 1e-4;

    [Fact]
    public void A_push_takes_the_way_from_its_machine_to_the_server()
    {
        ServerTimeline Fresh() => new(Clusters.Of(2, 2), 4, Bytes);

        Assert.Equal(5 + (5 * Pass), Fresh().Arrives(0, 5), 1e-12);
        Assert.Equal(5 + (4 * Pass) + 0.001 + 0.1, Fresh().Arrives(1, 5), 1e-12);
        Assert.Equal(5 + (4 * Pass) + 0.01 + 1, Fresh().Arrives(2, 5), 1e-12);
    }

    [Fact]
    public void Pushes_from_other_machines_use_the_servers_card_in_turns()
    {
        var timeline = new ServerTimeline(Clusters.Of(2, 2), 4, Bytes);

        var first = timeline.Arrives(2, 0);
        var second = timeline.Arrives(3, 0.1);
        var home = timeline.Arrives(1, 0.2);

        Assert.Equal(first + 1, second, 1e-12);
        Assert.Equal(0.2 + (4 * Pass) + 0.101, home, 1e-12);
    }

    [Fact]
    public void The_server_applies_one_after_the_other_and_answers_in_turns()
    {
        var timeline = new ServerTimeline(Clusters.Of(2, 2), 4, Bytes);

        var first = timeline.Applied(1);
        var answer = timeline.Answered(2, first);
        var second = timeline.Applied(1);
        var other = timeline.Answered(3, second);

        Assert.Equal(1 + (3 * Pass), first, 1e-12);
        Assert.Equal(first + Pass + 0.01 + 1 + (4 * Pass), answer, 1e-12);
        Assert.Equal(first + Pass + (3 * Pass), second, 1e-12);
        Assert.Equal(answer + 1, other, 1e-12);
    }
}
