namespace Mimir.Dist.Tests.Updates;

/// <summary>The update modes as their definitions read: one worker after the other, number by number, in double precision.</summary>
internal static class Reference
{
    public delegate double[] Combine(Worker[] workers, double[] anchor, long framesBefore);

    /// <summary>One worker's model, velocity and frames since the last block; v = m v + g, W -= r v.</summary>
    public sealed class Worker(double rate, double momentum)
    {
        public double[] Model { get; set; } = LeastSquares.Start();

        public double[] Velocity { get; set; } = new double[LeastSquares.Parameters];

        public long Frames { get; set; }

        public void Step(int[] frames)
        {
            var gradient = LeastSquares.Gradient(Model, frames);
            for (var i = 0; i < Model.Length; i++)
            {
                Velocity[i] = (momentum * Velocity[i]) + gradient[i];
                Model[i] -= rate * Velocity[i];
            }

            Frames += frames.Length;
        }
    }

    /// <summary>Who does which batches until each block; the last block is what is left.</summary>
    public static List<int[][][]> Script(int[][][] batches, long period)
    {
        var blocks = new List<int[][][]>();
        var next = new int[batches.Length];
        while (next.Where((n, worker) => n < batches[worker].Length).Any())
        {
            blocks.Add([.. batches.Select((own, worker) =>
            {
                var begin = next[worker];
                for (var frames = 0; next[worker] < own.Length && frames < period; next[worker]++)
                    frames += own[next[worker]].Length;
                return own[begin..next[worker]];
            })]);
        }

        return blocks;
    }

    /// <summary>Local steps, then a block, and so on.</summary>
    public static double[] Blocks(List<int[][][]> script, double rate, double momentum, bool forget, Combine combine)
    {
        var anchor = LeastSquares.Start();
        var workers = script[0].Select(_ => new Worker(rate, momentum)).ToArray();
        var framesBefore = 0L;
        foreach (var block in script)
        {
            for (var w = 0; w < block.Length; w++)
            {
                foreach (var batch in block[w])
                    workers[w].Step(batch);
            }

            anchor = combine(workers[..block.Length], anchor, framesBefore);
            foreach (var worker in workers)
            {
                framesBefore += worker.Frames;
                (worker.Model, worker.Frames) = ([.. anchor], 0);
                if (forget)
                    Array.Clear(worker.Velocity);
            }
        }

        return anchor;
    }

    /// <summary>Weighted by frames; who has none has the last model still, and stands for it as one of all.</summary>
    public static double[] Average(Worker[] workers)
    {
        var total = (double)workers.Sum(worker => worker.Frames);
        var active = workers.Count(worker => worker.Frames > 0) / (double)workers.Length;
        double[] weights = [.. workers.Select(worker => worker.Frames > 0 ? active * worker.Frames / total : 1.0 / workers.Length)];
        return [.. Enumerable.Range(0, LeastSquares.Parameters).Select(i => workers.Index().Sum(w => weights[w.Index] * w.Item.Model[i]))];
    }

    /// <summary>Block momentum, with its own past.</summary>
    public static Combine Bmuf(double momentum, double gain, string kind, long warmUp = 0)
    {
        var past = new double[LeastSquares.Parameters];
        return (workers, anchor, framesBefore) =>
        {
            var model = new double[anchor.Length];
            for (var i = 0; i < anchor.Length; i++)
            {
                var sum = workers.Sum(worker => anchor[i] - worker.Model[i]);
                if (framesBefore < warmUp)
                {
                    model[i] = anchor[i] - (sum / workers.Length);
                    continue;
                }

                past[i] = (momentum * past[i]) + (gain * sum);
                model[i] = kind switch
                {
                    "Classical" => anchor[i] - past[i],
                    "Nesterov" => anchor[i] - past[i] - (momentum * past[i]),
                    _ => anchor[i] - (gain * sum) - (momentum * past[i]),
                };
            }

            return model;
        };
    }

    /// <summary>Steps with the gradients of all workers.</summary>
    public static double[] Sync(int[][][] batches, double rate, double momentum)
    {
        var worker = new Worker(rate, momentum);
        for (var step = 0; step < batches.Max(own => own.Length); step++)
            worker.Step([.. batches.Where(own => step < own.Length).SelectMany(own => own[step])]);

        return worker.Model;
    }
}
