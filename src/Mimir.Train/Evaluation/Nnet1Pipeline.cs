using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Evaluation;

/// <summary>Computes utterances by a chain of nnet1 components, with splices anywhere in it.</summary>
/// <remarks>
/// The chain is cut before each splice, and each part is a graph that sees the whole utterance. Softmaxes are applied, and
/// dropout is off. Not for several threads at once.
/// </remarks>
public sealed class Nnet1Pipeline : IDisposable
{
    private const int BatchFrames = 1024;

    private readonly List<Nnet1Network> _stages = [];

    /// <summary>Builds the graphs.</summary>
    /// <param name="device">The device of the graphs.</param>
    /// <param name="components">The chain; without any, an utterance stays as it is.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <exception cref="InputException">There is a component that no block computes; the message names it.</exception>
    public Nnet1Pipeline(Device device, IReadOnlyList<NnetComponent> components, string origin)
    {
        try
        {
            for (var first = 0; first < components.Count;)
            {
                var end = first + 1;
                while (end < components.Count && components[end] is not Splice)
                    end++;

                NnetComponent[] stage = [.. components.Skip(first).Take(end - first)];
                _stages.Add(Nnet1Network.Build(device, stage, origin, constants: stage.Length));
                first = end;
            }
        }
        catch (InputException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Computes one utterance.</summary>
    /// <param name="features"><c>[T, D]</c>.</param>
    /// <returns><c>[T, O]</c>; the features themselves where there are no components.</returns>
    /// <exception cref="InputException">The features have another dimension than the first component takes.</exception>
    public FloatMatrix Forward(FloatMatrix features) => _stages.Aggregate(features, Forward);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stage in _stages)
            stage.Dispose();
    }

    /// <summary>Replaces outputs by their softmax, each block of columns apart.</summary>
    public static void ApplyBlockSoftmax(FloatMatrix output, IReadOnlyList<int> blocks)
    {
        for (var row = 0; row < output.Rows; row++)
        {
            var rest = output.Row(row);
            foreach (var size in blocks)
            {
                TensorPrimitives.SoftMax(rest[..size], rest[..size]);
                rest = rest[size..];
            }
        }
    }

    private static FloatMatrix Forward(FloatMatrix features, Nnet1Network stage)
    {
        var graph = stage.Graph;
        if (features.Columns != graph.InputDim)
            throw new InputException($"the network takes frames of {graph.InputDim} values, these have {features.Columns}.");

        if (features.Rows == 0)
            return new FloatMatrix(0, graph.OutputDim);

        using var table = new FrameTable(graph.Device, features.Data, features.Columns, [features.Rows]);
        var last = stage.Components[^1];
        var posteriors = last is Softmax or GenericComponent { Kind: "HiddenSoftmax" };
        var output = graph.NeedsSequences
            ? new SequenceForward(graph, new()) { Posteriors = posteriors }.Run(table, [features.Rows]).Single()
            : FrameByFrame(graph, table, posteriors);
        if (last is GenericComponent { Kind: "BlockSoftmax" } blocks)
            ApplyBlockSoftmax(output, blocks.Field<IntVectorField>("BlockDims").Values);

        return output;
    }

    private static FloatMatrix FrameByFrame(LayerGraph graph, FrameTable table, bool posteriors)
    {
        var output = new FloatMatrix(table.Frames, graph.OutputDim);
        for (var first = 0; first < output.Rows; first += BatchFrames)
        {
            var count = Math.Min(BatchFrames, output.Rows - first);
            int[] rows = [.. Enumerable.Range(first, count)];
            var batch = posteriors ? graph.Posteriors(table, rows) : graph.Forward(table, rows, PassMode.Evaluate);
            batch.CopyTo(output.Data.AsSpan(first * output.Columns, count * output.Columns));
        }

        return output;
    }
}
