using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Decode.Search;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;
using Mimir.Train.Sequences;

namespace Mimir.Train.Losses;

/// <summary>A loss of whole utterances over lattices, all utterances of a batch at once on all cores.</summary>
/// <remarks>
/// The loss of a frame is 1 less the expected accuracy (MPE, sMBR) or the negated objective (MMI), smoothed by cross-entropy where the
/// recipe asks for it.
/// </remarks>
/// <param name="recipe">The options.</param>
/// <param name="criterion">The criterion.</param>
/// <param name="references">The references of the set.</param>
/// <param name="lattices">The competitors.</param>
/// <param name="logPriors">The log priors of the start network.</param>
/// <param name="threads">The utterances that are computed at once.</param>
internal sealed class SequenceLoss(
    SequenceLossRecipe recipe, SequenceCriterion criterion, SequenceReferences references, ILatticeSource lattices, float[] logPriors,
    int threads) : ITrainingLoss
{
    private readonly CrossEntropyLoss _crossEntropy = new();
    private float[] _outputs = [];
    private float[] _gradient = [];

    private bool IsMmi => recipe is MmiRecipe;

    /// <inheritdoc/>
    public IReadOnlyList<string> Measures => IsMmi
        ? ["cross-entropy", "MMI objective", "posterior of the reference", "dropped frames", "without lattice"]
        : ["cross-entropy", "expected accuracy", "without lattice"];

    /// <inheritdoc/>
    public BatchResult Evaluate(Tensor logits, in LossBatch batch, Tensor? gradient)
    {
        var smoothing = recipe.FrameSmoothing;
        var frames = _crossEntropy.Evaluate(logits, batch, smoothing > 0 ? gradient : null);
        if (!double.IsFinite(frames.Loss))
            return frames;

        var outputs = HostOf(logits);
        var sequences = Sequences(batch, outputs, logits.Columns);
        var writesInPlace = gradient is { IsHostFloat: true } && smoothing == 0;
        var target = gradient is null ? default : writesInPlace ? gradient.AsMemory() : Buffer(ref _gradient, (int)logits.Count);
        target.Span.Clear();
        var results = EvaluateAll(sequences, outputs, target, logits.Columns);
        if (gradient is not null && !writesInPlace)
            Smooth(gradient, target.Span, smoothing);

        var sums = Sum(sequences, results);
        var loss = ((1 - smoothing) * sums.Loss) + (smoothing * frames.Loss);
        return new(loss, frames.Correct, frames.Frames, MeasuresOf(sums, frames));
    }

    private ReadOnlyMemory<float> HostOf(Tensor logits)
    {
        if (logits.IsHostFloat)
            return logits.AsMemory();

        var values = Buffer(ref _outputs, (int)logits.Count);
        logits.CopyTo(values.Span);
        return values;
    }

    private static Memory<float> Buffer(ref float[] buffer, int count)
    {
        if (buffer.Length < count)
            buffer = new float[count];

        return buffer.AsMemory(0, count);
    }

    private List<(int[] Rows, SequenceUtterance Utterance)> Sequences(
        in LossBatch batch, ReadOnlyMemory<float> outputs, int columns)
    {
        var sequences = new List<(int[], SequenceUtterance)>();
        var layout = batch.Frames.Sequences ?? throw new InvalidOperationException("A batch of single frames has no utterances.");
        foreach (var (place, part) in batch.Utterances(references.Corpus).Index())
        {
            var rows = new int[part.Frames];
            for (var step = 0; step < rows.Length; step++)
                rows[step] = layout.RowOf(place, step);

            int[] reference = references.Of(batch.Targets.SetFrames, rows);
            sequences.Add((rows, new(
                part.Utterance, references.Corpus.Utterances[part.Utterance], reference, () => ScoresOf(outputs.Span, columns, rows))));
        }

        return sequences;
    }

    private MatrixScores ScoresOf(ReadOnlySpan<float> outputs, int columns, int[] rows)
    {
        var scores = new float[rows.Length * columns];
        for (var frame = 0; frame < rows.Length; frame++)
        {
            System.Numerics.Tensors.TensorPrimitives.Subtract(
                outputs.Slice(rows[frame] * columns, columns), logPriors, scores.AsSpan(frame * columns, columns));
        }

        return new(scores, rows.Length, columns);
    }

    private SequenceResult?[] EvaluateAll(
        List<(int[] Rows, SequenceUtterance Utterance)> sequences, ReadOnlyMemory<float> outputs, Memory<float> gradient, int columns)
    {
        var competitors = lattices.Of(sequences.ConvertAll(sequence => sequence.Utterance));
        var results = new SequenceResult?[sequences.Count];
        var errors = new InputException?[sequences.Count];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, i =>
        {
            if (competitors[i] is not { } lattice)
                return;

            var (rows, utterance) = sequences[i];
            try
            {
                results[i] = criterion.Evaluate(
                    lattice, utterance.Reference, new OutputRows<float>(outputs.Span, columns, rows, logPriors), gradient.Span);
            }
            catch (InputException error)
            {
                errors[i] = new($"utterance '{utterance.Name}': {error.Message}", error);
            }
        });
        return errors.OfType<InputException>().FirstOrDefault() is { } first ? throw first : results;
    }

    private static void Smooth(Tensor gradient, Span<float> sequence, double smoothing)
    {
        if (smoothing > 0)
        {
            var frames = gradient.ToArray();
            for (var i = 0; i < sequence.Length; i++)
                sequence[i] = (float)(((1 - smoothing) * sequence[i]) + (smoothing * frames[i]));
        }

        gradient.CopyFrom(sequence);
    }

    private Sums Sum(List<(int[] Rows, SequenceUtterance Utterance)> sequences, SequenceResult?[] results)
    {
        var sums = default(Sums);
        for (var i = 0; i < results.Length; i++)
        {
            // An utterance without competitors counts as wrong.
            var frames = sequences[i].Rows.Length;
            var result = results[i] ?? new SequenceResult(0, 0, []);
            sums = new(
                sums.Loss + (IsMmi ? -result.Objective : frames - result.Objective),
                sums.Objective + result.Objective,
                sums.OnReference + result.OnReference,
                sums.Mismatched + result.Mismatched.Count,
                sums.Frames + (results[i] is null ? 0 : frames),
                sums.Without + (results[i] is null ? frames : 0));
        }

        return sums;
    }

    private IReadOnlyList<Measure> MeasuresOf(Sums sums, BatchResult frames)
    {
        var shared = new Measure("cross-entropy", frames.Loss, frames.Frames);
        var without = new Measure("without lattice", sums.Without, sums.Frames + sums.Without);
        return IsMmi
            ?
            [
                shared, new("MMI objective", sums.Objective, sums.Frames), new("posterior of the reference", sums.OnReference, sums.Frames),
                new("dropped frames", ((MmiRecipe)recipe).DropFrames ? sums.Mismatched : 0, sums.Frames), without,
            ]
            : [shared, new("expected accuracy", sums.Objective, sums.Frames), without];
    }

    private readonly record struct Sums(
        double Loss, double Objective, double OnReference, double Mismatched, double Frames, double Without);
}
