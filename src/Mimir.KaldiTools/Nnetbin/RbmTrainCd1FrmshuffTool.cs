using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Pretraining;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>rbm-train-cd1-frmshuff: trains a restricted Boltzmann machine on shuffled frames.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class RbmTrainCd1FrmshuffTool(TimeProvider time)
    : KaldiTool<RbmTrainCd1FrmshuffTool.Options>(
        "rbm-train-cd1-frmshuff",
        "Train RBM by Contrastive Divergence alg. with 1 step of Markov Chain Monte-Carlo.",
        "<model-in> <feature-rspecifier> <model-out>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write output in binary mode.</summary>
        [Option("binary")]
        public bool Binary { get; init; }

        /// <summary>Learning rate, momentum and decay.</summary>
        [IncludeOptions]
        public RbmOptions Rbm { get; init; } = new();

        /// <summary>Frames between two reports of the error; 0 for none.</summary>
        [Option("loss-report-frames")]
        public int ReportFrames { get; init; } = 5 * 3600 * 100;

        /// <summary>Number of passes over the features; momentum goes on rising through all.</summary>
        [Option("num-iters", Min = 1)]
        public int Iterations { get; init; } = 1;

        /// <summary>File of a network that transforms the features first.</summary>
        [Option("feature-transform")]
        public string Transform { get; init; } = "";

        /// <summary>Frames of utterances that are collected before they are shuffled.</summary>
        [Option("randomizer-size")]
        public int RandomizerSize { get; init; } = 32768;

        /// <summary>Seed of the order of frames and of the hidden units that are drawn.</summary>
        [Option("randomizer-seed")]
        public int Seed { get; init; } = 777;

        /// <summary>Frames of a minibatch.</summary>
        [Option("minibatch-size", Min = 1)]
        public int Minibatch { get; init; } = 100;

        /// <summary>Shuffle the frames.</summary>
        [Option("randomize")]
        public bool Randomize { get; init; } = true;

        /// <summary>Frames of the longest utterance that is used.</summary>
        [Option("max-frames")]
        public int MaxFrames { get; init; } = 6000;

        /// <summary>The device.</summary>
        [IncludeOptions]
        public DeviceOptions Device { get; init; } = new() { UseGpu = UseGpu.Yes };
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var device = options.Device.Select();
        var transform = NetworkFiles.ReadTransform(options.Transform, io);
        var component = RbmFile.Read(arguments[0], io);
        NetworkFiles.RequireFit(transform, options.Transform, [component], arguments[0]);
        using var pipeline = new Nnet1Pipeline(device, transform, options.Transform);
        using var machine = RbmFile.Machine(component, device);
        var trainer = new RbmTrainer(machine, options.Rbm, (ulong)options.Seed);
        var progress = new ProgressReport("Mse", options.ReportFrames, log, time);
        var features = new RbmFeatures(
            arguments[1], transform is [var head, ..] ? head.InputDim : component.InputDim, options.MaxFrames, options.Iterations, log, io);
        var randomizer = new FrameRandomizer(
            new()
            {
                Size = options.RandomizerSize,
                Minibatch = options.Minibatch,
                Shuffle = options.Randomize,
                Seed = (ulong)options.Seed,
            },
            pipeline.Forward);

        var start = time.GetTimestamp();
        double error = 0;
        log.Log("RBM TRAINING STARTED");
        foreach (var block in ReadAhead.Of(randomizer.Blocks(features.Read()), 1))
        {
            for (var first = 0; first < block.Rows.Length; first += options.Minibatch)
            {
                using var batch = Gather(device, block, first, options.Minibatch);
                var (period, isFirst) = (trainer.Period, trainer.Progress.Steps == 0);
                var step = trainer.Step(batch);
                error += step.SquaredError / 2;
                progress.Add(step.Frames, step.SquaredError / 2);
                Report(trainer, step, isFirst || trainer.Period > period, log);
            }
        }

        var seconds = time.GetElapsedTime(start).TotalSeconds;
        var frames = trainer.Progress.Frames;
        if (frames == 0)
            throw new InputException($"{arguments[1]}: no batch of {options.Minibatch} frames came together, so there is no result.");

        NetworkFiles.Write([RbmFile.With(component, machine)], arguments[2], options.Binary, io);
        log.Log($"Done {options.Iterations} iterations, {features.Done} files, skipped {features.Skipped} files. "
            + $"[{KaldiLog.Number(seconds / 60)} min, processing {KaldiLog.Number(frames / seconds)} frames per sec.]");
        log.Log($"AvgLoss: {KaldiLog.Number(error / frames)} (Mse), "
            + $"[RMS {KaldiLog.Number(Math.Sqrt(error / frames / component.InputDim))}, frames {KaldiLog.Number(frames)}]\n"
            + progress.Line);
        return true;
    }

    private static Tensor Gather(Device device, FrameBlock block, int first, int count)
    {
        var values = new float[count * block.Dim];
        for (var i = 0; i < count; i++)
            block.Features.AsSpan(block.Rows[first + i] * block.Dim, block.Dim).CopyTo(values.AsSpan(i * block.Dim));

        return Tensor.From(device, values, [count, block.Dim]);
    }

    private static void Report(RbmTrainer trainer, RbmStep step, bool isChanged, KaldiLog log)
    {
        var rates = trainer.Rates;
        if (step.Scale is { } scale)
        {
            log.Warning($"Mismatch between pos_vis and neg_vis variances, danger of weight explosion. a) Reducing weights with scale "
                + $"{KaldiLog.Number(scale)} b) Lowering learning rate to {KaldiLog.Number(rates.Rate)}");
        }

        if (isChanged)
        {
            log.Detail($"Setting momentum {KaldiLog.Number(rates.Momentum)} and learning rate {KaldiLog.Number(rates.Rate)} after "
                + $"processing {KaldiLog.Number(trainer.Progress.Frames / 360000.0)} h");
        }
    }
}

/// <summary>The features of all iterations of a program, as utterances whose targets are not looked at.</summary>
/// <param name="table">The rspecifier.</param>
/// <param name="inputs">The values of a frame.</param>
/// <param name="maxFrames">The frames of the longest utterance that is used.</param>
/// <param name="iterations">The number of passes.</param>
/// <param name="log">Receives warnings.</param>
/// <param name="io">The permissions of extended file names.</param>
internal sealed class RbmFeatures(string table, int inputs, int maxFrames, int iterations, KaldiLog log, KaldiIoOptions io)
{
    /// <summary>Gets the utterances that were used, each iteration counted.</summary>
    public int Done { get; private set; }

    /// <summary>Gets those that were too long.</summary>
    public int Skipped { get; private set; }

    /// <summary>Reads the utterances, lazily.</summary>
    public IEnumerable<TrainingUtterance> Read()
    {
        for (var iteration = 1; iteration <= iterations; iteration++)
        {
            log.Log($"Iteration {iteration}/{iterations}");
            foreach (var (key, features) in KaldiTables.Matrix.Read(table, io))
            {
                if (features.Columns != inputs)
                    throw new InputException($"{table}: {key} has frames of {features.Columns} values, expected {inputs}.");

                if (features.Rows > maxFrames)
                {
                    log.Warning($"Skipping {key} that has {features.Rows} frames, it is longer than '--max-frames' {maxFrames}");
                    Skipped++;
                }
                else
                {
                    Done++;
                    yield return Utterance(key, features);
                }
            }
        }
    }

    private static TrainingUtterance Utterance(string key, FloatMatrix features)
    {
        var weights = new float[features.Rows];
        Array.Fill(weights, 1);
        return new(key, features, Posterior.FromPairs([.. weights.Select(_ => Array.Empty<(int, float)>())]), weights);
    }
}
