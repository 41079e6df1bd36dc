using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin.Frames;

/// <summary>Joins features, targets and weights by utterance, in the order of the features, by the rules of nnet1's trainers.</summary>
/// <param name="options">The tables.</param>
/// <param name="classes">The outputs of the network: every target is one of them.</param>
/// <param name="log">Receives warnings.</param>
/// <param name="io">What the tables may reach.</param>
internal sealed class UtteranceSource(UtteranceOptions options, int classes, KaldiLog log, KaldiIoOptions io)
{
    /// <summary>Gets the utterances that were used.</summary>
    public int Done { get; private set; }

    /// <summary>Gets the utterances without targets.</summary>
    public int WithoutTargets { get; private set; }

    /// <summary>Gets the utterances that were passed over for another reason.</summary>
    public int OtherErrors { get; private set; }

    /// <summary>Reads the utterances in the order of the table of features.</summary>
    public IEnumerable<TrainingUtterance> Read() => Read(ReadFeatures());

    /// <summary>Reads the features alone, in the order of their table.</summary>
    public IEnumerable<KeyValuePair<string, FloatMatrix>> ReadFeatures() => KaldiTables.Matrix.Read(options.Features, io);

    /// <summary>Joins utterances whose features are at hand, one by one as they are asked for.</summary>
    /// <param name="all">The features by utterance.</param>
    public IEnumerable<TrainingUtterance> Read(IEnumerable<KeyValuePair<string, FloatMatrix>> all)
    {
        using var targets = Posterior.Table.Open(options.Targets, io);
        using var frameWeights = options.FrameWeights.Length == 0 ? null : KaldiTables.FloatVector.Open(options.FrameWeights, io);
        using var utteranceWeights = options.UtteranceWeights.Length == 0 ? null : KaldiTables.FloatScalar.Open(options.UtteranceWeights, io);
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
                PassOver($"{key}, {options.MissingFrameWeights}");
                continue;
            }

            float scale = 1;
            if (utteranceWeights is not null && !utteranceWeights.TryGet(key, out scale))
            {
                PassOver($"{key}, missing per-utterance weight");
                continue;
            }

            var count = Common(key, features, posterior.Frames, weights);
            if (count is null || scale == 0)
                continue;

            var utterance = new TrainingUtterance(key, features, posterior, Weights(key, weights, scale, count.Value));
            Check(utterance);

            // What has no weight at all takes no part, and does not count; in a sequence, time goes on all the same.
            if (!options.KeepsFramesWithoutWeight && !Array.Exists(utterance.Weights, weight => weight > 0))
                continue;
            if (utterance.Frames == 0)
            {
                PassOver($"{key}, no frames");
                continue;
            }

            Done++;
            yield return utterance;
        }
    }

    private int? Common(string key, FloatMatrix features, int targets, float[]? weights)
    {
        if (features.Rows > options.MaxFrames)
        {
            PassOver($"Utterance too long, skipping! {key} (length {features.Rows}, max_frames {options.MaxFrames})");
            return null;
        }

        int[] lengths = [features.Rows, targets, weights?.Length ?? features.Rows];
        if (lengths.Max() - lengths.Min() < options.LengthTolerance)
            return lengths.Min();

        PassOver($"Length mismatch! Targets {targets}, features {features.Rows}, {key}");
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
        if (!float.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<float>(features)) && !Array.TrueForAll(features, float.IsFinite))
            throw new InputException($"utterance '{utterance.Key}': NaN or inf in the features.");

        for (var frame = 0; frame < utterance.Frames; frame++)
        {
            foreach (var index in utterance.Targets.Indices(frame))
            {
                if (index < 0 || index >= classes)
                    throw new InputException(
                        $"utterance '{utterance.Key}', frame {frame}: target {index} is not one of the network's {classes} outputs.");
            }
        }
    }

    private void PassOver(string reason)
    {
        log.Warning(reason);
        OtherErrors++;
    }
}
