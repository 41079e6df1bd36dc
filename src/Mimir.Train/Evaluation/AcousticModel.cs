using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Evaluation;

/// <summary>A trained network with its class priors: turns features into the log-likelihoods that a decoder takes.</summary>
/// <remarks>
/// A log-likelihood is the network's output before the softmax less the logarithm of the class's prior, as nnet-forward
/// --no-softmax=true --prior-scale=1.0 gives it. The difference from a true one is the same for all classes of a frame.
/// </remarks>
public sealed class AcousticModel : IDisposable
{
    private const int BatchFrames = 1024;

    private readonly LayerGraph _graph;
    private readonly float[] _logPriors;

    /// <summary>Joins a network and priors; the model owns the network from here on.</summary>
    /// <param name="graph">The network; a softmax at its end is not used.</param>
    /// <param name="logPriors">The natural logarithm of each class's prior.</param>
    /// <exception cref="InputException">There is not one prior for each output.</exception>
    public AcousticModel(LayerGraph graph, float[] logPriors)
    {
        if (logPriors.Length != graph.OutputDim)
            throw new InputException($"The network has {graph.OutputDim} outputs, there are {logPriors.Length} priors.");

        (_graph, _logPriors) = (graph, logPriors);
    }

    /// <summary>Gets the part of an utterance that a network over sequences sees at once; all of it by default.</summary>
    public EvaluateRecipe Evaluation { get; init; } = new();

    /// <summary>Gets the natural logarithm of each class's prior.</summary>
    public IReadOnlyList<float> LogPriors => _logPriors;

    /// <summary>Computes the log-likelihoods of a set, utterance by utterance in its order.</summary>
    /// <param name="corpus">The set.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>The place of each utterance in the set, and its log-likelihoods <c>[T, P]</c>.</returns>
    /// <exception cref="InputException">The features have another dimension than the network takes.</exception>
    /// <exception cref="InputException">The network gives something that is not finite.</exception>
    public IEnumerable<(int Utterance, FloatMatrix LogLikelihoods)> Score(
        FrameCorpus corpus, CancellationToken cancellation = default)
    {
        using var table = new FrameTable(_graph.Device, corpus.Features, corpus.Dim, corpus.Lengths);
        var outputs = _graph.NeedsSequences
            ? new SequenceForward(_graph, Evaluation).Run(table, corpus.Lengths)
            : FrameByFrame(table, corpus);
        var utterance = 0;
        foreach (var scores in outputs)
        {
            cancellation.ThrowIfCancellationRequested();
            Subtract(scores, corpus.Utterances[utterance]);
            yield return (utterance++, scores);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _graph.Dispose();

    private IEnumerable<FloatMatrix> FrameByFrame(FrameTable table, FrameCorpus corpus)
    {
        var rows = Enumerable.Range(0, corpus.Frames).ToArray();
        var batch = new float[Math.Min(BatchFrames, corpus.Frames) * _graph.OutputDim];
        var (batchFirst, batchEnd) = (0, 0);
        for (var utterance = 0; utterance < corpus.Lengths.Length; utterance++)
        {
            var scores = new FloatMatrix(corpus.Lengths[utterance], _graph.OutputDim);
            for (var frame = 0; frame < scores.Rows;)
            {
                var row = corpus.FirstFrame(utterance) + frame;
                if (row == batchEnd)
                    (batchFirst, batchEnd) = (batchEnd, Forward(table, rows, batchEnd, batch));

                var count = Math.Min(scores.Rows - frame, batchEnd - row);
                batch.AsSpan((row - batchFirst) * scores.Columns, count * scores.Columns)
                    .CopyTo(scores.Data.AsSpan(frame * scores.Columns));
                frame += count;
            }

            yield return scores;
        }
    }

    private int Forward(FrameTable table, int[] rows, int first, float[] batch)
    {
        var count = Math.Min(BatchFrames, rows.Length - first);
        var output = _graph.Forward(table, rows.AsSpan(first, count), PassMode.Evaluate);
        output.CopyTo(batch.AsSpan(0, count * _graph.OutputDim));
        return first + count;
    }

    private void Subtract(FloatMatrix scores, string utterance)
    {
        for (var frame = 0; frame < scores.Rows; frame++)
        {
            var row = scores.Row(frame);
            System.Numerics.Tensors.TensorPrimitives.Subtract(row, _logPriors, row);
            if (!float.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum<float>(row)) && !AllUsable(row))
            {
                throw new InputException(
                    $"utterance '{utterance}', frame {frame}: the network's output is not finite; the model is damaged.");
            }
        }
    }

    // A class with the prior of no frames has an infinite cost; NaN and plus infinity have no meaning.
    private static bool AllUsable(ReadOnlySpan<float> row)
    {
        foreach (var value in row)
        {
            if (float.IsNaN(value) || float.IsPositiveInfinity(value))
                return false;
        }

        return true;
    }
}
