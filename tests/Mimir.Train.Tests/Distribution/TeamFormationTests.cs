using Mimir.Base;
using Mimir.Dist;
using Mimir.Dist.Transports;
using Mimir.Train.Distribution;

namespace Mimir.Train.Tests.Distribution;

/// <summary>A worker that was lost comes back.</summary>
public sealed class TeamFormationTests
{
    private static readonly WorkerGroup Left = WorkerGroup.All(2).Without(1);

    private readonly IReadOnlyList<InProcessTransport> _transports = InProcessTransport.Create(2, TimeSpan.FromSeconds(60));

    [Fact]
    public async Task It_is_let_in_when_it_trains_the_same()
    {
        var (first, joining) = ComeBack("seed=5", "seed=5");

        await UntilAsync(() => first.HasNewcomers(Left));
        var group = first.Agree(Left, out var newcomers);

        Assert.Equal([1], newcomers);
        Assert.Equal(group.Members, (await joining)?.Members);
    }

    [Fact]
    public async Task It_is_let_in_when_it_asks_before_the_others_have_seen_that_it_was_lost()
    {
        var (first, joining) = ComeBack("seed=5", "seed=5");
        var present = WorkerGroup.All(2);

        for (var poll = 0; poll < 20; poll++)
        {
            Assert.False(first.HasNewcomers(present));
            await Task.Delay(5);
        }

        var left = first.Agree(present, out var none);
        Assert.Empty(none);
        await UntilAsync(() => first.HasNewcomers(left));
        first.Agree(left, out var newcomers);

        Assert.Equal([1], newcomers);
        Assert.Equal([0, 1], (await joining)?.Members);
    }

    [Fact]
    public async Task It_is_refused_when_it_trains_something_else_and_the_others_go_on()
    {
        var (first, joining) = ComeBack("seed=5", "seed=6");

        await UntilAsync(() => first.HasNewcomers(Left) || joining.IsCompleted);

        var refusal = await Assert.ThrowsAsync<InputException>(() => joining);
        Assert.Contains("has 'seed': 6, not 5", refusal.Message, StringComparison.Ordinal);
        Assert.False(first.HasNewcomers(Left));
    }

    [Fact]
    public async Task It_is_told_when_the_job_is_over()
    {
        var (first, joining) = ComeBack("seed=5", "seed=5");

        await UntilAsync(() =>
        {
            first.Dismiss();
            return joining.IsCompleted;
        });

        Assert.Null(await joining);
    }

    private (TeamFormation First, Task<WorkerGroup?> Joining) ComeBack(string own, string other)
    {
        _transports[1].Fail();
        var again = _transports[1].Restart();
        var joining = Task.Factory.StartNew(
            () => new TeamFormation(again, TimeProvider.System, () => Of(other)).Join(), TaskCreationOptions.LongRunning);
        return (new(_transports[0], TimeProvider.System, () => Of(own)), joining);
    }

    private static WorkerFingerprint Of(string change) => WorkerFingerprint.Of(Some.Read(Some.Recipe, change).Recipe);

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(5);
    }
}
