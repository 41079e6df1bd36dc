using Mimir.Dist.Collectives;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Tests.Collectives;

/// <summary>What every kind of collective must do, whatever carries it.</summary>
internal static class CollectiveChecks
{
    /// <summary>Runs all operations at one length on one worker and compares with plain sums.</summary>
    public static void All(ICollective collective, int length)
    {
        var (size, index) = (collective.Group.Size, collective.Index);
        var sum = Sum(size, length);

        var values = Values(index, length);
        collective.AllReduceSum(values);
        Near(sum, values);
        SameBits(collective, values);

        values = Values(index, length);
        collective.ReduceScatterSum(values);
        var (begin, end) = Parts.Of(length, size, index);
        Near(sum.AsSpan(begin, end - begin), values.AsSpan(begin, end - begin));

        var mine = values[begin..end];
        values.AsSpan(0, begin).Fill(float.NaN);
        values.AsSpan(end).Fill(float.NaN);
        collective.AllGather(values);
        Near(sum, values);
        Assert.Equal(mine, values[begin..end]);

        for (var root = 0; root < size; root++)
        {
            values = Values(index, length);
            collective.ReduceSum(values, root);
            if (index == root)
                Near(sum, values);

            values = Values(index, length);
            collective.Broadcast(values, root);
            Assert.Equal(Values(root, length), values);
            collective.Barrier();
        }
    }

    public static float[] Values(int index, int length) =>
        [.. Enumerable.Range(0, length).Select(i => MathF.Sin((index * 7919) + i) * ((i % 1000) + 1))];

    public static double[] Sum(int size, int length)
    {
        var sum = new double[length];
        for (var index = 0; index < size; index++)
        {
            var values = Values(index, length);
            for (var i = 0; i < length; i++)
                sum[i] += values[i];
        }

        return sum;
    }

    public static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= 2e-3))
                Assert.Fail($"element {i} of {expected.Length}: expected {expected[i]}, got {actual[i]}");
        }
    }

    /// <summary>Runs all operations at some lengths on a job of some workers.</summary>
    public static void On(string kind, int workers, Func<ITransport, ICollective> make, params int[] lengths)
    {
        using var job = Job.Start(kind, workers);
        job.Together(transport =>
        {
            using var collective = make(transport);
            foreach (var length in lengths)
                All(collective, length);
        });
    }

    private static void SameBits(ICollective collective, float[] values)
    {
        var first = (float[])values.Clone();
        collective.Broadcast(first, 0);
        Assert.Equal(first, values);
    }
}
