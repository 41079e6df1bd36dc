using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Losses;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using Mimir.Decode.Scoring;
using Mimir.Train.Data;

namespace Mimir.Train.Losses;

/// <summary>Connectionist temporal classification of whole utterances; it measures the label errors of the best paths too.</summary>
/// <remarks>
/// Computed on the host in double precision, an utterance a thread; each is a function of its own outputs. Utterances whose labels
/// are unknown, missing, or more than their frames have room for count nowhere.
/// </remarks>
internal sealed class CtcLoss : ITrainingLoss
{
    private const string LabelError = "label error";

    private readonly IFrameSet _corpus;
    private readonly int[]?[] _labels;

    /// <summary>Joins the utterances of a set with their labels.</summary>
    /// <param name="set">The set.</param>
    /// <param name="labels">The labels by utterance; -1 is an unknown one.</param>
    /// <exception cref="InputException">No utterance can be used.</exception>
    public CtcLoss(LossSet set, IReadOnlyDictionary<string, int[]> labels)
    {
        _corpus = set.Corpus;
        _labels = [.. set.Corpus.Utterances.Select((id, utterance) => Usable(labels.GetValueOrDefault(id), set.Corpus.Lengths[utterance]))];
        if (Array.TrueForAll(_labels, usable => usable is null))
        {
            throw new InputException(
                $"set '{set.Name}': no utterance has a transcript of known units that its frames have room for; check 'text', "
                + "train.loss.ctc.unit and the frame shift.");
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Measures => [LabelError];

    /// <inheritdoc/>
    public BatchResult Evaluate(Tensor logits, in LossBatch batch, Tensor? gradient)
    {
        var parts = batch.Utterances(_corpus);
        var layout = batch.Frames.Sequences ?? throw new InvalidOperationException("The loss needs utterances.");
        var classes = logits.Columns;
        var outputs = logits.ToArray();
        var gradients = gradient is null ? [] : new float[outputs.Length];
        var results = new (double Loss, int Frames, long Errors, int Labels)[parts.Length];
        Parallel.For(0, parts.Length, new() { MaxDegreeOfParallelism = Threads.Count }, s =>
        {
            if (_labels[parts[s].Utterance] is { } labels && Ctc.LeastFrames(labels) <= layout.Lengths[s])
                results[s] = Evaluate(new Sequence(layout, s, outputs, classes), labels, gradients);
        });
        gradient?.CopyFrom(gradients);
        return new(
            results.Sum(result => result.Loss),
            0,
            results.Sum(result => result.Frames),
            [new(LabelError, results.Sum(result => result.Errors), results.Sum(result => result.Labels))]);
    }

    private static (double Loss, int Frames, long Errors, int Labels) Evaluate(in Sequence sequence, int[] labels, float[] gradients)
    {
        var best = Ctc.BestPath(sequence.Gather(), sequence.Classes);
        var errors = EditDistance.Count(labels.Length, best.Length, (r, h) => labels[r] == best[h]).Errors;
        var gradient = gradients.Length == 0 ? [] : new double[sequence.Frames * sequence.Classes];
        var loss = Ctc.Evaluate(sequence.LogSoftmax(), sequence.Classes, labels, gradient);
        if (gradients.Length > 0)
            sequence.Scatter(gradient, gradients);

        return (loss, sequence.Frames, errors, labels.Length);
    }

    private static int[]? Usable(int[]? labels, int frames) =>
        labels is { Length: > 0 } && !labels.Contains(-1) && Ctc.LeastFrames(labels) <= frames ? labels : null;

    /// <summary>The rows of a sequence among those of a batch.</summary>
    private readonly struct Sequence(SequenceLayout layout, int sequence, float[] outputs, int classes)
    {
        public int Frames => layout.Lengths[sequence];

        public int Classes => classes;

        public float[] Gather()
        {
            var rows = new float[Frames * classes];
            for (var t = 0; t < Frames; t++)
                outputs.AsSpan(layout.RowOf(sequence, t) * classes, classes).CopyTo(rows.AsSpan(t * classes));

            return rows;
        }

        public double[] LogSoftmax()
        {
            var rows = Array.ConvertAll(Gather(), value => (double)value);
            for (var t = 0; t < Frames; t++)
            {
                var row = rows.AsSpan(t * classes, classes);
                var most = System.Numerics.Tensors.TensorPrimitives.Max<double>(row);
                var sum = 0.0;
                foreach (var value in row)
                    sum += Math.Exp(value - most);
                System.Numerics.Tensors.TensorPrimitives.Subtract(row, most + Math.Log(sum), row);
            }

            return rows;
        }

        public void Scatter(double[] gradient, float[] gradients)
        {
            for (var t = 0; t < Frames; t++)
            {
                var row = layout.RowOf(sequence, t) * classes;
                for (var c = 0; c < classes; c++)
                    gradients[row + c] = (float)gradient[(t * classes) + c];
            }
        }
    }
}
