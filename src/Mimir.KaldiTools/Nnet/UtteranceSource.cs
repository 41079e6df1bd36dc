using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>The tables of a training program, and the rules by which utterances are skipped.</summary>
internal sealed record UtteranceOptions
{
    /// <summary>Gets the rspecifier of the features.</summary>
    public required string Features { get; init; }

    /// <summary>Gets the rspecifier of the targets.</summary>
    public required string Targets { get; init; }

    /// <summary>Gets the rspecifier of the weights of frames; empty for none.</summary>
    public string FrameWeights { get; init; } = "";

    /// <summary>Gets the rspecifier of the weights of utterances; empty for none.</summary>
    public string UtteranceWeights { get; init; } = "";

    /// <summary>Gets the frames of the longest utterance that is used.</summary>
    public int MaxFrames { get; init; } = 360000;

    /// <summary>
    /// True when utterances without a weighted frame are used, as those of sequences are; otherwise they are
    /// left out.
    /// </summary>
    public bool KeepsFramesWithoutWeight { get; init; }

    /// <summary>Gets the program's words for an utterance without weights of frames.</summary>
    public string MissingFrameWeights { get; init; } = "missing per-frame weights";

    /// <summary>Gets the test for outputs whose targets may be negative.</summary>
    public Func<int, bool> AllowsNegative { get; init; } = static _ => true;

    /// <summary>Gets the difference of lengths from which on an utterance is skipped; below it, the shortest counts.</summary>
    public int LengthTolerance { get; init; } = 5;
}

/// <summary>An utterance with its targets, all of the same number of frames up to <see cref="Weights"/>' length.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="Features"><c>[T, D]</c>, T at least the frames that are used.</param>
/// <param name="Targets">The targets of each frame, at least as many.</param>
/// <param name="Weights">The weight of each frame that is used, none negative.</param>
internal sealed record TrainingUtterance(string Key, FloatMatrix Features, Posterior Targets, float[] Weights)
{
    /// <summary>Gets the number of frames that are used.</summary>
    public int Frames => Weights.Length;

    /// <summary>The features of the frames that are used, <c>[Frames, D]</c>.</summary>
    public FloatMatrix UsedFeatures() => Frames == Features.Rows
        ? Features
        : new(Frames, Features.Columns, Features.Data[..(Frames * Features.Columns)]);
}

/// <summary>Joins features, targets and weights by utterance, in the order of the features, by the rules of nnet1's trainers.</summary>
/// <param name="options">The tables.</param>
/// <param name="classes">The outputs of the network: every target is one of them.</param>
/// <param name="log">Receives warnings.</param>
/// <param name="io">The permissions of extended file names.</param>
internal sealed class UtteranceSource(UtteranceOptions options, int classes, KaldiLog log, KaldiIoOptions io)
{
    /// <summary>Gets the utterances that were used.</summary>
    public int Done { get; private set; }

    /// <summary>Gets the utterances without targets.</summary>
    public int WithoutTargets { get; private set; }

    /// <summary>Gets the utterances that were skipped for another reason.</summary>
    public int OtherErrors { get; private set; }

    /// <summary>Reads the utterances in the order of the table of features.</summary>
    public IEnumerable<TrainingUtterance> Read() => Read(ReadFeatures());

    /// <summary>Reads the features alone, in the order of their table.</summary>
    public IEnumerable<KeyValuePair<string, FloatMatrix>> ReadFeatures() => KaldiTables.Matrix.Read(options.Features, io);

    /// <summary>Joins features with their targets and weights, lazily.</summary>
    /// <param name="all">The features by utterance.</param>
    public IEnumerable<TrainingUtterance> Read(IEnumerable<KeyValuePair<string, FloatMatrix>> all)
    {
        using var targets = Posterior.Table.Open(options.Targets, io);
        using var frameWeights = options.FrameWeights.Length == 0 ? null : KaldiTables.FloatVector.Open(options.FrameWeights, io);
        using var utteranceWeights =
            options.UtteranceWeights.Length == 0 ? null : KaldiTables.FloatScalar.Open(options.UtteranceWeights, io);
        foreach (var (key, features) in all)
        {
            if (!targets.TryGet(key, out var posterior))
            {
                log.Warning($"{key}, missing targets");
                WithoutTargets++;
                continue;
            }

            float[]? weights = null;
            if (frameWeights is not null && !frameWeights.TryGet(key, out weights))
            {
                Skip($"{key}, {options.MissingFrameWeights}");
                continue;
            }

            float scale = 1;
            if (utteranceWeights is not null && !utteranceWeights.TryGet(key, out scale))
            {
                Skip($"{key}, missing per-utterance weight");
                continue;
            }

            var count = CommonLength(key, features, posterior.Frames, weights);
            if (count is null || scale == 0)
                continue;

            var utterance = new TrainingUtterance(key, features, posterior, Weights(key, weights, scale, count.Value));
            Check(utterance);

            // Kaldi: an utterance without weight takes no part and is not counted; in a sequence, the network sees its frames all the same.
            if (!options.KeepsFramesWithoutWeight && !Array.Exists(utterance.Weights, weight => weight > 0))
                continue;
            if (utterance.Frames == 0)
            {
                Skip($"{key}, no frames");
                continue;
            }

            Done++;
            yield return utterance;
        }
    }

    private int? CommonLength(string key, FloatMatrix features, int targets, float[]? weights)
    {
        if (features.Rows > options.MaxFrames)
        {
            Skip($"Utterance too long, skipping! {key} (length {features.Rows}, max_frames {options.MaxFrames})");
            return null;
        }

        int[] lengths = [features.Rows, targets, weights?.Length ?? features.Rows];
        if (lengths.Max() - lengths.Min() < options.LengthTolerance)
            return lengths.Min();

        Skip($"Length mismatch! Targets {targets}, features {features.Rows}, {key}");
        return null;
    }

    private static float[] Weights(string key, float[]? weights, float scale, int count)
    {
        var result = new float[count];
        for (var i = 0; i < count; i++)
        {
            result[i] = scale * (weights?[i] ?? 1);
            if (!(result[i] >= 0 && float.IsFinite(result[i])))
                throw new InputException($"utterance '{key}', frame {i}: expected a weight of 0 or more, got {result[i]}.");
        }

        return result;
    }

    private void Check(TrainingUtterance utterance)
    {
        var features = utterance.Features.Data;
        if (!float.IsFinite(TensorPrimitives.Sum<float>(features)) && !Array.TrueForAll(features, float.IsFinite))
            throw new InputException($"utterance '{utterance.Key}': NaN or inf in the features.");

        for (var frame = 0; frame < utterance.Frames; frame++)
        {
            var weights = utterance.Targets.Weights(frame);
            var indices = utterance.Targets.Indices(frame);
            for (var pair = 0; pair < indices.Length; pair++)
            {
                var index = indices[pair];
                if (index < 0 || index >= classes)
                {
                    throw new InputException(
                        $"utterance '{utterance.Key}', frame {frame}: target {index} is not one of the network's {classes} outputs.");
                }

                if (weights[pair] < 0 && !options.AllowsNegative(index))
                {
                    throw new InputException(
                        $"utterance '{utterance.Key}', frame {frame}: expected a weight of 0 or more for target {index}, "
                        + FormattableString.Invariant($"got {weights[pair]}."));
                }
            }
        }
    }

    private void Skip(string reason)
    {
        log.Warning(reason);
        OtherErrors++;
    }
}
