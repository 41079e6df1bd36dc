using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;
using Mimir.Decode.Lattices.Sequence;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Computes utterances by a network and a criterion over lattices, and takes a step for each.</summary>
/// <param name="graph">The network, without a softmax.</param>
/// <param name="transform">The transform of features before it.</param>
/// <param name="criterion">The criterion.</param>
/// <param name="logPriors">What is subtracted from the outputs; empty for nothing.</param>
internal sealed class LatticeStep(LayerGraph graph, Nnet1Pipeline transform, SequenceCriterion criterion, float[] logPriors)
    : IDisposable
{
    private readonly FusedStep _fused = new(graph);
    private FrameTable? _table;
    private int[] _rows = [];

    /// <summary>Gets the optimiser.</summary>
    public required Sgd Optimiser { get; init; }

    /// <summary>Gets the learning rate.</summary>
    public required double Rate { get; init; }

    /// <summary>Gets the gradient at the output of the last utterance, <c>[T, C]</c>.</summary>
    public float[] Gradient { get; private set; } = [];

    /// <summary>Gets the same on the device.</summary>
    public Tensor OutputGradient => graph.OutputGradient;

    /// <summary>Gets the sums of momentum; null without.</summary>
    public HostTensor? Corrections => Optimiser.SaveState().Values.FirstOrDefault();

    private SequenceLayout? Layout => graph.NeedsSequences ? new([_rows.Length]) : null;

    /// <summary>Computes an utterance and the gradient at the output.</summary>
    public SequenceResult Forward(LatticeUtterance utterance)
    {
        var features = transform.Forward(utterance.Features);
        _table?.Dispose();
        _table = new FrameTable(graph.Device, features.Data, features.Columns, [features.Rows]);
        _rows = [.. Enumerable.Range(0, features.Rows)];
        var output = graph.Forward(_table, _rows, PassMode.Train, Layout);
        Gradient = new float[output.Count];
        var result = criterion.Evaluate(
            utterance.Lattice, utterance.Alignment, new OutputRows<float>(output.ToArray(), output.Columns, _rows, logPriors),
            Gradient.AsSpan());
        graph.OutputGradient.CopyFrom(Gradient);
        return result;
    }

    /// <summary>Formats the outputs of the last utterance.</summary>
    public string DescribeForward(NetworkStatistics statistics) => statistics.Propagate(
        _table ?? throw new InvalidOperationException("No utterance was computed."), _rows, Layout, states: null);

    /// <summary>Takes the step of the last utterance.</summary>
    public void Backward()
    {
        if (Optimiser.Options.IsPlain)
        {
            _fused.Backward(graph.OutputGradient, Rate);
            return;
        }

        graph.Backward(graph.OutputGradient);
        Optimiser.Step(graph.Parameters, Rate, _rows.Length);
        graph.Constrain();
    }

    /// <inheritdoc/>
    public void Dispose() => _table?.Dispose();
}
