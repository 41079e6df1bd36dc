using Mimir.Dist.Transports;
using Mimir.Train.Distribution;

namespace Mimir.Train.Tests.Distribution;

public sealed class WorkerTeamTests
{
    [Fact]
    public async Task Workers_wait_for_what_the_coordinator_prepares()
    {
        var done = 0;
        using var begun = new CountdownEvent(2);
        var workers = InProcessTransport.Create(3, TimeSpan.FromSeconds(60)).Select(transport => Task.Factory.StartNew(
            () =>
            {
                using var team = WorkerTeam.Of(transport);
                if (!team.IsCoordinator)
                    begun.Signal();
                team.Prepare(
                    () =>
                    {
                        begun.Wait();
                        Interlocked.Increment(ref done);
                    },
                    TimeSpan.FromMilliseconds(1));
                return Volatile.Read(ref done);
            },
            TaskCreationOptions.LongRunning)).ToArray();

        var found = await Task.WhenAll(workers);

        Assert.Equal<int>([1, 1, 1], found);
    }

    [Fact]
    public void An_error_of_the_preparation_is_the_coordinators()
    {
        var error = Assert.Throws<InvalidDataException>(
            () => WorkerTeam.Alone.Prepare(() => throw new InvalidDataException("no text"), TimeSpan.FromSeconds(1)));

        Assert.Equal("no text", error.Message);
    }
}
