using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>nnet-train-frmshuff: one epoch of gradient descent on shuffled frames, or cross-validation.</summary>
/// <param name="time">The clock of its speed.</param>
internal sealed class NnetTrainFrmshuffTool(TimeProvider time) : NnetTrainingTool<NnetTrainFrmshuffTool.Options>(
    time,
    "nnet-train-frmshuff",
    "Perform one iteration (epoch) of Neural Network training with mini-batch Stochastic Gradient Descent. The training "
    + "targets are usually pdf-posteriors, prepared by ali-to-post.")
{
    private const int PrefetchedBlocks = 1;

    /// <summary>The options.</summary>
    internal sealed record Options : ObjectiveOptions
    {
        /// <summary>Frames of utterances that are collected before they are shuffled.</summary>
        [Option("randomizer-size")]
        public int RandomizerSize { get; init; } = 32768;

        /// <summary>Seed of the order of frames.</summary>
        [Option("randomizer-seed")]
        public int Seed { get; init; } = 777;

        /// <summary>Frames of a minibatch.</summary>
        [Option("minibatch-size", Min = 1)]
        public int Minibatch { get; init; } = 256;

        /// <summary>Shuffle the frames.</summary>
        [Option("randomize")]
        public bool Randomize { get; init; } = true;

        /// <summary>Frames of the longest utterance that is used.</summary>
        [Option("max-frames")]
        public int MaxFrames { get; init; } = 360000;

        /// <summary>Table of a weight for each utterance, a factor of the weights of its frames.</summary>
        [Option("utt-weights")]
        public string UtteranceWeights { get; init; } = "";
    }

    protected override string DataKind => "shuffled frames";

    protected override void CheckOptions(Options options)
    {
        if (options.Minibatch > options.RandomizerSize)
        {
            throw new InputException(
                $"--minibatch-size={options.Minibatch}: expected no more than --randomizer-size={options.RandomizerSize}.");
        }
    }

    // A transform that only splices and normalises: the frames lie on the device once.
    protected override bool FusesTransform(IReadOnlyList<NnetComponent> transform) =>
        transform.Index().All(entry => entry.Item is Splice ? entry.Index == 0 : entry.Item is AddShift or Rescale or Copy);

    protected override UtteranceOptions SelectUtterances(Options options, UtteranceOptions common) =>
        common with { UtteranceWeights = options.UtteranceWeights, MaxFrames = options.MaxFrames };

    protected override void Prepare(Options options, Nnet1Network network, KaldiLog log)
    {
        log.Log($"Seeding by srand with : {options.Seed}");
        network.Graph.Seed = (ulong)options.Seed;
    }

    protected override int Train(Options options, TrainingEpoch epoch)
    {
        var step = epoch.Step;
        var sinceStatistics = 0;
        var blocks = CreateRandomizer(options, epoch).Blocks(epoch.Source.Read());
        foreach (var block in epoch.Prefetch(blocks, PrefetchedBlocks))
        {
            using var table = new FrameTable(step.Device, block.Features, block.Dim, block.Lengths);
            for (var start = 0; start < block.Rows.Length; start += options.Minibatch)
            {
                var end = start + options.Minibatch;
                sinceStatistics += options.Minibatch;

                // Kaldi: statistics are logged for the first batch, after an interval, and for the last batch.
                var reports = new List<long>();
                if (step.Frames == 0)
                    reports.Add(0);
                if (epoch.StatisticsInterval > 0 && sinceStatistics >= epoch.StatisticsInterval)
                {
                    reports.Add(step.Frames);
                    sinceStatistics = 0;
                }

                if (block.IsLast && end == block.Rows.Length)
                    reports.Add(step.Frames + options.Minibatch);

                step.Run(
                    table,
                    block.Rows.AsSpan(start, options.Minibatch),
                    sequences: null,
                    block.Targets.Slice(start, options.Minibatch),
                    block.Weights[start..end],
                    options.Minibatch,
                    reports);
            }
        }

        return epoch.Source.Done;
    }

    protected override string DescribeNoBatch(Options options, UtteranceSource source) =>
        $"No batch of {options.Minibatch} frames came together";

    protected override string DescribeOrder(Options options) => options.Randomize ? "RANDOMIZED, " : "NOT-RANDOMIZED, ";

    protected override string DescribeSpeed(double seconds, double waited, long frames) =>
        $"processing {KaldiLog.Number(frames / seconds)} frames per sec; i/o time {KaldiLog.Number(100 * waited / seconds)}%";

    // The order of an epoch follows from the model that it starts from, so that epochs with one seed differ.
    private static FrameRandomizer CreateRandomizer(Options options, TrainingEpoch epoch)
    {
        var parameters = new float[epoch.Network.Graph.Parameters.Count];
        epoch.Network.Graph.Parameters.CopyTo(parameters);
        var fingerprint = SHA256.HashData(MemoryMarshal.AsBytes<float>(parameters));
        var offsets = epoch.Network.Components is [Splice splice, ..] ? splice.Offsets : [0];
        return new(
            new()
            {
                Size = options.RandomizerSize,
                Minibatch = options.Minibatch,
                Shuffle = options.Randomize && !options.CrossValidate,
                Seed = (ulong)options.Seed ^ BinaryPrimitives.ReadUInt64LittleEndian(fingerprint),
                Left = Math.Max(0, -offsets.Min()),
                Right = Math.Max(0, offsets.Max()),
            },
            epoch.Transform);
    }
}
