using Mimir.Dist.Collectives;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;
using Mimir.Dist.Updates;

namespace Mimir.Dist.Tests.Updates;

/// <summary>Runs the training loop on some workers that are threads.</summary>
internal static class Workers
{
    public const double Rate = 0.02;
    public const double Momentum = 0.5;

    /// <summary>A worker's mode, with two workers a machine.</summary>
    public static IUpdateMode Mode(UpdateOptions options, ITransport transport, WorkerGroup? group = null, UpdateSignals? signals = null)
    {
        var all = new RingCollective(transport, group, chunk: 2);
        return options.Create(new(all) { Transport = transport, Machine = $"machine {transport.Rank / 2}", Signals = signals ?? new() });
    }

    /// <summary>An epoch on all workers; their models are the same afterwards.</summary>
    public static float[] Train(UpdateOptions options, int[][][] batches, int delays = 0, string kind = "in process")
    {
        using var job = Job.Start(kind, batches.Length);
        var trainees = batches.Select(_ => new Trainee(Rate, Momentum)).ToArray();
        job.Together(transport =>
        {
            var rank = transport.Rank;
            var carrier = delays == 0 ? transport : new DelayedTransport(transport, (delays * 10) + rank);
            using var mode = Mode(options, carrier);
            if (rank > 0)
                Array.Fill(trainees[rank].Model, float.NaN);

            mode.Begin(trainees[rank].Model);
            trainees[rank].Epoch(mode, batches[rank]);
        });
        Assert.All(trainees, trainee => Assert.Equal(trainees[0].Model, trainee.Model));
        return trainees[0].Model;
    }

    public static int[][][] Even(int workers, int count) => [.. Enumerable.Range(0, workers).Select(w => LeastSquares.Batches(w, count))];

    /// <summary>Worker w has so many batches.</summary>
    public static int[][][] Uneven(params int[] counts) => [.. counts.Select((count, w) => LeastSquares.Batches(w, count))];

    public static void Near(double[] expected, float[] actual, double tolerance)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"element {i}: expected {expected[i]}, got {actual[i]}");
    }
}
