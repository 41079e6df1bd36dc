using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Tests.Updates.ParameterServers;

public sealed class StalenessGateTests
{
    [Theory]
    [InlineData(5, 4)]
    [InlineData(5, 6)]
    [InlineData(8, 20)]
    [InlineData(6, 2)]
    public void Admits_as_the_rule_says_of_every_worker(int workers, int bound)
    {
        var random = new Random(3);
        var gate = new StalenessGate(bound);
        for (var worker = 0; worker < workers; worker++)
            gate.Pull(worker, worker % 2);

        for (var i = 0; i < 500; i++)
        {
            for (var worker = 0; worker < workers; worker++)
                Assert.Equal(ByTheRule(gate, worker, bound), gate.Admits(worker));

            var next = random.Next(workers);
            if (gate.Pulled.ContainsKey(next) && gate.Admits(next))
                gate.Push(next);
            else if (!gate.Pulled.ContainsKey(next))
                gate.Pull(next);
        }

        Assert.True(gate.Version > 100);
    }

    private static bool ByTheRule(StalenessGate gate, int worker, int bound)
    {
        if (!gate.Pulled.TryGetValue(worker, out var own) || gate.Pulled.Values.All(version => version >= own))
            return true;

        var others = gate.Pulled.Where(pair => pair.Key != worker).Select(pair => pair.Value).Order();
        return others.Index().All(other => gate.Version + 1 + other.Index - other.Item <= bound);
    }
}
