using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Core.Graph;

/// <content>The backward pass and the step that may follow each node of it.</content>
public sealed partial class LayerGraph
{
    /// <summary>Computes the gradient of every parameter for the batch of the last training pass.</summary>
    /// <param name="outputGradient"><c>[N, OutputDim]</c>, with respect to what Forward returned; it is overwritten.</param>
    /// <exception cref="InvalidOperationException">The last pass was not one of training.</exception>
    public void Backward(Tensor outputGradient) => Backward(outputGradient, stepRate: null);

    /// <summary>The backward pass, which tells as it goes on what of the gradients is final.</summary>
    /// <param name="outputGradient">As for <see cref="Backward(Tensor)"/>.</param>
    /// <param name="ready">
    /// Receives offset and length of a part of <see cref="ParameterStore.Gradients"/>; the parts follow each other from the
    /// end of the gradients to their begin and leave nothing out.
    /// </param>
    public void Backward(Tensor outputGradient, Action<long, long> ready)
    {
        var final = Parameters.Count;
        Backward(outputGradient, stepRate: null, node =>
        {
            var first = node == 0 || Parameters.Slices.Count == 0 ? 0 : OffsetOf(node);
            if (first < final)
                ready(first, final - first);
            final = Math.Min(final, first);
        });
    }

    /// <summary>The backward pass; with a rate, each node steps right after its own gradients are known.</summary>
    internal void Backward(Tensor outputGradient, double? stepRate, Action<int>? passed = null)
    {
        if (_table is null || _mode != PassMode.Train)
            throw new InvalidOperationException("A backward pass follows a forward pass in training mode.");

        var outputs = _outputs.For(_count);
        var gradients = _gradients.For(_count).ToArray();
        gradients[_outputNode] = outputGradient;
        var arrived = new bool[_nodes.Count];
        arrived[_outputNode] = true;
        for (var i = _outputNode; i >= 0; i--)
        {
            if (!_nodes[i].Learns || !arrived[i])
            {
                passed?.Invoke(i);
                continue;
            }

            var targets = TargetsOf(i, gradients, arrived, out var joined);
            _nodes[i].Block.Backward(PassOf(i, stepRate), InputsOf(i, outputs), outputs[i], gradients[i], targets);
            foreach (var (to, from) in joined)
                to.Add(from);
            if (stepRate is { } rate && !_nodes[i].Block.FusesStep)
                StepOf(_nodes[i], rate);
            passed?.Invoke(i);
        }
    }

    // Where the parameters of a node, or of those after it, begin.
    private long OffsetOf(int node) => _nodes[node].FirstSlice < Parameters.Slices.Count
        ? Parameters.Slices[_nodes[node].FirstSlice].Offset
        : Parameters.Count;

    /// <summary>Where a node writes its input gradients: to scratch, to be added, where another node has written already.</summary>
    private Tensor?[] TargetsOf(int node, Tensor[] gradients, bool[] arrived, out List<(Tensor To, Tensor From)> joined)
    {
        joined = [];
        var inputs = _nodes[node].Inputs;
        var targets = new Tensor?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i];
            if (!_nodes[input].Learns)
                continue;

            targets[i] = gradients[input];
            if (arrived[input])
            {
                targets[i] = _scratch.For(_count)[input];
                joined.Add((gradients[input], _scratch.For(_count)[input]));
            }

            arrived[input] = true;
        }

        return targets;
    }

    private void StepOf(GraphNode node, double rate)
    {
        for (var p = 0; p < node.Block.Parameters.Count; p++)
        {
            var slice = Parameters.Slices[node.FirstSlice + p];
            if (slice.IsTrained)
            {
                LibTorch.Check(LibTorch.mimir_sgd_step(
                    Parameters.ValueOf(node.FirstSlice + p).Handle, Parameters.GradientOf(node.FirstSlice + p).Handle, 0,
                    rate * slice.RateFactor, 0, slice.GradClip, 0, 0));
            }
        }
    }
}
