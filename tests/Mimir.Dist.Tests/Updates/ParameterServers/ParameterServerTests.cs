using Mimir.Base;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Easgd;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Tests.Updates.ParameterServers;

/// <summary>The master's mathematics against the equations, number by number in double precision.</summary>
public sealed class ParameterServerTests
{
    private const int Length = 1500;

    [Theory]
    [InlineData(DelayCompensation.None, false)]
    [InlineData(DelayCompensation.None, true)]
    [InlineData(DelayCompensation.Constant, false)]
    [InlineData(DelayCompensation.Adaptive, false)]
    [InlineData(DelayCompensation.Adaptive, true)]
    public void Push_follows_the_equations(DelayCompensation compensation, bool scale)
    {
        var options = new AsgdOptions { Compensation = compensation, CompensationStrength = 0.7, ScaleByStaleness = scale };
        var server = new ParameterServer(options.CreateRule(), options.MaxStaleness);
        server.Start(new float[Length], [0, 1, 2]);
        var model = new double[Length];
        var meanSquare = new double[Length];
        var pulled = new[] { new double[Length], new double[Length], new double[Length] };
        var versions = new int[3];
        int[] order = [0, 0, 2, 1, 0, 2, 1, 1];

        for (var push = 0; push < order.Length; push++)
        {
            var worker = order[push];
            var step = 0.1 + (0.05 * push);
            var update = new float[Length];
            var expected = push - versions[worker];
            for (var i = 0; i < Length; i++)
            {
                update[i] = (float)(step * Math.Sin(i + push));
                var g = update[i] / step;
                meanSquare[i] = (0.95 * meanSquare[i]) + (0.05 * g * g);
                var strength = compensation switch
                {
                    DelayCompensation.None => 0,
                    DelayCompensation.Constant => 0.7,
                    _ => 0.7 / Math.Sqrt(meanSquare[i] + 1e-7),
                };
                var factor = scale ? 1.0 / Math.Max(1, expected) : 1;
                model[i] -= factor * step * (g + (strength * g * g * (model[i] - pulled[worker][i])));
            }

            Assert.Equal(expected, server.Push(worker, update, step));
            server.Pull(worker);
            (pulled[worker], versions[worker]) = ([.. model], push + 1);
        }

        for (var i = 0; i < Length; i++)
            Assert.Equal(model[i], server.Model[i], 1e-5);
    }

    [Fact]
    public void Elastic_averaging_draws_worker_and_centre_together_and_keeps_their_sum()
    {
        var server = new ParameterServer(new ElasticAveragingRule(0.8), 8);
        server.Start([1, -2], [0, 1]);
        float[] local = [2, 0.5f];

        server.Push(1, local, 0.1);

        // a = 0.8 / 2
        Assert.Equal([0.4f, 1f], local, (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal([1.4f, -1f], server.Model.ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void Elastic_averaging_is_the_same_by_its_own_mode_and_by_the_key_of_asgd()
    {
        var batches = Workers.Even(1, 20);

        var own = Workers.Train(new EasgdOptions { PeriodFrames = 20, Elasticity = 0.7 }, batches);

        Assert.Equal(Workers.Train(new AsgdOptions { PeriodFrames = 20, Elasticity = 0.7 }, batches), own);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 3)]
    [InlineData(5, 4)]
    [InlineData(5, 9)]
    [InlineData(8, 12)]
    public void The_gate_keeps_its_bound_and_never_stops_all(int workers, int bound)
    {
        var random = new Random((workers * 100) + bound);
        var gate = new StalenessGate(bound);
        for (var worker = 0; worker < workers; worker++)
            gate.Pull(worker);

        var waiting = new HashSet<int>();
        for (var push = 0; push < 500; push++)
        {
            // Somebody comes, the fast ones more often; those who may go do.
            waiting.Add(Math.Min(random.Next(workers), random.Next(workers)));
            while (waiting.Any(gate.Admits))
            {
                var worker = waiting.First(gate.Admits);
                waiting.Remove(worker);
                Assert.InRange(gate.Push(worker), 0, bound);
                gate.Pull(worker);
            }

            Assert.True(waiting.Count < workers);
        }
    }

    [Fact]
    public void Who_leaves_is_waited_for_no_more()
    {
        var gate = new StalenessGate(1);
        gate.Pull(0);
        gate.Pull(1);
        gate.Push(0);
        gate.Pull(0);
        Assert.False(gate.Admits(0));

        gate.Leave(1);

        Assert.True(gate.Admits(0));
    }

    [Fact]
    public void Options_refuse_elastic_averaging_together_with_compensation() => Assert.Throws<InputException>(
        () => new AsgdOptions { Elasticity = 0.9, Compensation = DelayCompensation.Adaptive }.Validate());
}
