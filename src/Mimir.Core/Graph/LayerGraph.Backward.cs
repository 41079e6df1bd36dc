using Mimir.Core.Batches;
using Mimir.Core.Native;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Graph;

/// <content>The backward pass, the fused step, and the constraints after a step.</content>
public sealed partial class LayerGraph
{
    private const int ConstraintPeriod = 4;

    /// <summary>Computes the gradient of every parameter for the batch of the last training pass.</summary>
    /// <param name="outputGradient"><c>[N, OutputDim]</c>, with respect to the output of Forward; it is overwritten.</param>
    /// <exception cref="InvalidOperationException">The last pass was not one of training.</exception>
    /// <exception cref="DeviceException">The memory does not suffice, or the device failed.</exception>
    public void Backward(Tensor outputGradient) => Backward(outputGradient, stepRate: null);

    /// <summary>Computes the gradients and reports each part of them as soon as it is final.</summary>
    /// <param name="outputGradient">As for <see cref="Backward(Tensor)"/>.</param>
    /// <param name="ready">
    /// Receives offset and length of a part of <see cref="ParameterStore.StatisticsAndGradients"/>; the parts follow each other
    /// from the end to the begin and leave nothing out.
    /// </param>
    public void Backward(Tensor outputGradient, Action<long, long> ready)
    {
        var (statistics, final) = (Parameters.Statistics.Count, Parameters.StatisticsAndGradients.Count);
        Backward(outputGradient, stepRate: null, node =>
        {
            var first = node == 0 || Parameters.Slices.Count == 0 ? 0 : statistics + ParameterOffset(node);
            if (first < final)
                ready(first, final - first);
            final = Math.Min(final, first);
        });
    }

    /// <summary>After a step, moves parameters towards the constraints of their blocks (<see cref="Blocks.SemiOrthogonal"/>).</summary>
    /// <remarks>
    /// Each block in every fourth step, which is often enough: Kaldi draws a quarter of the steps. The steps follow from
    /// <see cref="Step"/>, so a resumed run has the same.
    /// </remarks>
    public void Constrain()
    {
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Block.IsConstrained && (Step + i) % ConstraintPeriod == 0)
                _nodes[i].Block.Constrain();
        }
    }

    /// <summary>The backward pass; with a rate, each node takes its step right after its own gradients.</summary>
    /// <param name="outputGradient">As for <see cref="Backward(Tensor)"/>.</param>
    /// <param name="stepRate">The learning rate of a fused step, or null for gradients alone.</param>
    /// <param name="finished">Receives the index of each node that is done, from the output back.</param>
    internal void Backward(Tensor outputGradient, double? stepRate, Action<int>? finished = null) =>
        DeviceException.Guard(() => BackwardPass(outputGradient, stepRate, finished), "a backward pass");

    private void BackwardPass(Tensor outputGradient, double? stepRate, Action<int>? finished)
    {
        if (_table is null || _mode != PassMode.Train)
            throw new InvalidOperationException("A backward pass follows a forward pass in training mode.");

        var outputs = _outputs.For(_count);
        var gradients = _gradients.For(_count).ToArray();
        gradients[_outputNode] = outputGradient;
        var hasGradient = new bool[_nodes.Count];
        hasGradient[_outputNode] = true;
        _preconditioner?.Begin(Parameters);
        for (var i = _outputNode; i >= 0; i--)
        {
            if (_nodes[i].IsTrained && hasGradient[i])
            {
                var targets = InputGradients(i, gradients, hasGradient, out var sums);
                _nodes[i].Block.Backward(PassOf(i, stepRate), InputsOf(i, outputs), outputs[i], gradients[i], targets);

                if (_preconditioner is not null && _factored[i].Length > 0)
                    Precondition(i, outputs, gradients[i]);

                // Where several nodes take one, its gradient is the sum of theirs.
                foreach (var (to, from) in sums)
                    to.Accumulate(from);
                if (stepRate is { } rate && !_nodes[i].Block.FusesStep)
                    TakeStep(_nodes[i], rate);
            }

            finished?.Invoke(i);
        }

        Threads.EndStep(_count);
    }

    private void Precondition(int node, IReadOnlyList<Tensor> outputs, Tensor outputGradient)
    {
        using var scope = torch.NewDisposeScope();
        var factors = _nodes[node].Block.Factors(PassOf(node, stepRate: null), InputsOf(node, outputs), outputs[node], outputGradient);
        for (var i = 0; i < factors.Count; i++)
            _preconditioner!.Precondition(_factored[node][i], factors[i].Inputs, factors[i].Derivatives, Parameters);
    }

    // The first parameter of a node, or of those after it.
    private long ParameterOffset(int node) => _nodes[node].FirstSlice < Parameters.Slices.Count
        ? Parameters.Slices[_nodes[node].FirstSlice].Offset
        : Parameters.Count;

    // The tensors for the input gradients of a node: scratch, to be added, where another node has written a gradient already.
    private Tensor?[] InputGradients(int node, Tensor[] gradients, bool[] hasGradient, out List<(Tensor To, Tensor From)> sums)
    {
        sums = [];
        var inputs = _nodes[node].Inputs;
        var targets = new Tensor?[inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = inputs[i];
            if (!_nodes[input].IsTrained)
                continue;

            targets[i] = gradients[input];
            if (hasGradient[input])
            {
                targets[i] = _scratch.For(_count)[input];
                sums.Add((gradients[input], _scratch.For(_count)[input]));
            }

            hasGradient[input] = true;
        }

        return targets;
    }

    private void TakeStep(GraphNode node, double rate)
    {
        for (var p = 0; p < node.Block.Parameters.Count; p++)
        {
            var slice = Parameters.Slices[node.FirstSlice + p];
            if (slice.IsTrained)
            {
                var index = node.FirstSlice + p;
                new SgdStep(rate * slice.RateFactor, Momentum: 0, slice.GradClip, L1: 0, Decay: 0)
                    .Apply(Parameters.ValueOf(index), Parameters.GradientOf(index), correction: null);
            }
        }
    }
}
