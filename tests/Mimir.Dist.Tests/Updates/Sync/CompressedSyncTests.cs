using Mimir.Dist.Collectives;
using Mimir.Dist.Collectives.Compression;
using Mimir.Dist.Tests.Support;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Dist.Tests.Updates.Sync;

public sealed class CompressedSyncTests
{
    private static readonly SyncOptions Half = new() { BucketElements = 3, Compression = GradientCompression.Half };
    private static readonly SyncOptions OneBit = new() { BucketElements = 7, Compression = GradientCompression.OneBit };

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Half_precision_does_what_sync_does_to_its_precision(int workers)
    {
        var batches = Workers.Even(workers, 12);

        var model = Workers.Train(Half, batches);

        Workers.Near(Reference.Sync(batches, Workers.Rate, Workers.Momentum), model, 3e-3);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void One_bit_does_what_its_definition_says(int workers)
    {
        var batches = Workers.Even(workers, 12);

        var model = Workers.Train(OneBit, batches);

        Workers.Near(Definition(batches), model, 1e-5);
    }

    [Theory]
    [InlineData(GradientCompression.Half)]
    [InlineData(GradientCompression.OneBit)]
    public void Compressed_gradients_find_the_same_minimum(GradientCompression compression)
    {
        const double Rate = 0.005;
        var batches = Workers.Even(2, 8);

        var plain = Descend(OneBit with { Compression = GradientCompression.None }, batches, Rate);
        var compressed = Descend(OneBit with { Compression = compression }, batches, Rate);

        var start = Loss(LeastSquares.Start(), batches);
        Assert.True(plain < 0.7 * start, $"{start} {plain}");
        Assert.InRange(compressed, 0.99 * plain, 1.02 * plain);
    }

    [Fact]
    public void The_end_of_an_epoch_forgets_what_was_lost()
    {
        using var job = Job.Start("in process", 2);

        job.Together(transport =>
        {
            using var mode = Workers.Mode(OneBit, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            trainee.Step(mode, LeastSquares.Batches(transport.Rank, 1)[0]);
            Assert.Equal(2, mode.SaveState().Count);
            trainee.Epoch(mode, []);
            Assert.Single(mode.SaveState());
        });
    }

    [Fact]
    public void LoadState_leaves_aside_what_another_worker_has_lost()
    {
        using var job = Job.Start("in process", 2);
        var states = new IReadOnlyDictionary<string, float[]>[2];

        job.Together(transport =>
        {
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            using (var mode = Workers.Mode(OneBit, transport))
            {
                mode.Begin(trainee.Model);
                trainee.Step(mode, LeastSquares.Batches(transport.Rank, 1)[0]);
                states[transport.Rank] = mode.SaveState();
                mode.Flush(trainee.Model);
            }

            using var resumed = Workers.Mode(OneBit, transport);
            resumed.LoadState(states[0], trainee.Model);
            Assert.Equal(transport.Rank == 0 ? 2 : 1, resumed.SaveState().Count);
            trainee.Epoch(resumed, LeastSquares.Batches(transport.Rank, 3));
        });
    }

    [Fact]
    public void Compressed_gradients_count_the_bytes_that_they_take()
    {
        using var job = Job.Start("in process", 2);

        job.Together(transport =>
        {
            using var mode = Workers.Mode(Half, transport);
            var trainee = new Trainee(Workers.Rate, Workers.Momentum);
            mode.Begin(trainee.Model);
            var before = mode.Statistics.Bytes;
            trainee.Step(mode, LeastSquares.Batches(transport.Rank, 1)[0]);
            Assert.Equal(2 * LeastSquares.Parameters, mode.Statistics.Bytes - before);
            mode.Flush(trainee.Model);
        });
    }

    [Fact]
    public void Compression_without_a_transport_is_refused() => Assert.Throws<ArgumentException>(
        () => OneBit.Create(new(new SlowCollective(new()))));

    // The loss of the mean of the last models, since one bit leaves a noise about the minimum.
    private static double Descend(SyncOptions options, int[][][] batches, double rate)
    {
        using var job = Job.Start("in process", batches.Length);
        var mean = new double[LeastSquares.Parameters];
        job.Together(transport =>
        {
            using var mode = Workers.Mode(options, transport);
            var trainee = new Trainee(rate, 0);
            mode.Begin(trainee.Model);
            for (var epoch = 0; epoch < 60; epoch++)
            {
                trainee.Epoch(mode, batches[transport.Rank]);
                for (var i = 0; epoch >= 40 && transport.Rank == 0 && i < mean.Length; i++)
                    mean[i] += trainee.Model[i] / 20;
            }
        });
        return Loss(mean, batches);
    }

    // Half the squared error falls along the gradient; its size is what the definition of the gradient integrates to.
    private static double Loss(double[] model, int[][][] batches)
    {
        int[] frames = [.. batches.SelectMany(own => own).SelectMany(batch => batch)];
        var zero = LeastSquares.Gradient(new double[model.Length], frames);
        var here = LeastSquares.Gradient(model, frames);
        return frames.Sum(frame => Math.Pow(Math.Cos(frame * 0.37), 2)) / 2
            + (Enumerable.Range(0, model.Length).Sum(i => (here[i] + zero[i]) * model[i]) / 2);
    }

    // Every worker encodes each part with what it has lost; the owner of a part does the same with the sum.
    private static double[] Definition(int[][][] batches)
    {
        var (count, codec) = (batches.Length, new OneBitCodec());
        var model = LeastSquares.Start();
        var velocity = new double[model.Length];
        var lost = batches.Select(_ => new float[model.Length]).ToArray();
        var lostSums = new float[model.Length];
        for (var step = 0; step < batches[0].Length; step++)
        {
            var gradient = new float[model.Length];
            for (var part = 0; part < count; part++)
            {
                var (begin, end) = Parts.Of(model.Length, count, part);
                for (var worker = 0; worker < count; worker++)
                {
                    float[] own = [.. LeastSquares.Gradient(model, batches[worker][step]).Select(value => (float)value)];
                    var sent = Coded(codec, own.AsSpan(begin, end - begin), lost[worker].AsSpan(begin, end - begin));
                    for (var i = begin; i < end; i++)
                        gradient[i] += sent[i - begin];
                }

                Coded(codec, gradient.AsSpan(begin, end - begin), lostSums.AsSpan(begin, end - begin)).CopyTo(gradient, begin);
            }

            for (var i = 0; i < model.Length; i++)
            {
                velocity[i] = (Workers.Momentum * velocity[i]) + gradient[i];
                model[i] -= Workers.Rate * velocity[i];
            }
        }

        return model;
    }

    private static float[] Coded(OneBitCodec codec, ReadOnlySpan<float> values, Span<float> lost)
    {
        var wanted = new float[values.Length];
        for (var i = 0; i < wanted.Length; i++)
            wanted[i] = values[i] + lost[i];

        var bytes = new byte[codec.Bytes(wanted.Length)];
        var decoded = new float[wanted.Length];
        codec.Encode(wanted, bytes);
        codec.Decode(bytes, decoded);
        for (var i = 0; i < wanted.Length; i++)
            lost[i] = wanted[i] - decoded[i];
        return decoded;
    }
}
