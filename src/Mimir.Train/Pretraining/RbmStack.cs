using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Pretraining;
using Mimir.Core.Tensors;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Pretraining;

/// <summary>The layers of a graph that restricted Boltzmann machines initialise, and the moves between the two.</summary>
internal sealed class RbmStack
{
    // The bias of a visible unit is the logit of its mean; Kaldi: <VisibleBiasCmvnFilename>.
    private const double LeastMean = 0.0001;
    private const int MeanFrames = 1024;

    private readonly LayerGraph _graph;
    private readonly RbmRecipe _options;
    private readonly int[] _nodes;

    /// <summary>Finds the layers: sigmoid ones in a chain, with nothing but splicing, normalisation and dropout between them.</summary>
    /// <param name="graph">The network, initialised.</param>
    /// <param name="options">The number of layers and the units.</param>
    /// <exception cref="InputException">There are fewer than the options ask for, or none.</exception>
    public RbmStack(LayerGraph graph, RbmRecipe options)
    {
        (_graph, _options) = (graph, options);
        var chain = graph.Spec.Nodes.Index().TakeWhile(entry => entry.Item.Inputs.Count == 0 && IsOfChain(entry.Item.Block));
        int[] found = [.. chain.Where(entry => entry.Item.Block is AffineSpec).Select(entry => entry.Index)];
        if (found.Length < Math.Max(1, options.Layers))
        {
            throw new InputException(
                $"pretrain.rbm.layers: the model begins with {found.Length} sigmoid layers in a chain, expected "
                + $"{Math.Max(1, options.Layers)} or more; only {{affine: {{activation: sigmoid}}}} is trained so.");
        }

        _nodes = options.Layers == 0 ? found : found[..options.Layers];
    }

    /// <summary>Gets the number of layers.</summary>
    public int Count => _nodes.Length;

    /// <summary>The visible units of a layer's machine.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public RbmUnit VisibleOf(int layer) => layer == 0 ? _options.Visible : RbmUnit.Bernoulli;

    /// <summary>The network below a layer, with the parameters that it has now; its output is what the machine sees.</summary>
    /// <param name="layer">The layer, from 0.</param>
    public LayerGraph Below(int layer)
    {
        var below = new LayerGraph(new(_graph.InputDim, [.. _graph.Spec.Nodes.Take(_nodes[layer])]), _graph.Device);
        for (var i = 0; i < below.Parameters.Slices.Count; i++)
            below.Parameters.ValueOf(i).copy_(_graph.Parameters.ValueOf(i));

        return below;
    }

    /// <summary>The initial parameters of a layer's machine.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="below">The network below it.</param>
    /// <param name="frames">The training frames, whose means give units of 0 and 1 their biases.</param>
    /// <param name="count">Their number.</param>
    /// <param name="random">Draws the weights.</param>
    public RbmParameters Start(int layer, LayerGraph below, ITrainingFrames frames, int count, SeededRandom random)
    {
        var (inputs, outputs) = (below.OutputDim, ((AffineSpec)_graph.Spec.Nodes[_nodes[layer]].Block).OutputDim);
        var weights = new float[(long)inputs * outputs];
        random.FillNormal(weights);
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= (float)_options.ParamStddev;

        var bias = VisibleOf(layer) == RbmUnit.Gaussian ? new float[inputs] : Array.ConvertAll(Means(below, frames, count), Logit);
        return new(weights, bias, new float[outputs]);
    }

    /// <summary>Makes a layer of a machine.</summary>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="machine">The parameters of the machine.</param>
    public void Finish(int layer, RbmParameters machine)
    {
        var node = _graph.Spec.Nodes[_nodes[layer]].Name;
        foreach (var (index, slice) in _graph.Parameters.Slices.Index())
        {
            if (slice.Name == $"{node}.weight")
                _graph.Parameters.ValueOf(index).CopyFrom(machine.Weights);
            else if (slice.Name == $"{node}.bias")
                _graph.Parameters.ValueOf(index).CopyFrom(machine.HiddenBias);
        }
    }

    private static bool IsOfChain(BlockSpec block) =>
        block is SpliceSpec or AddShiftSpec or RescaleSpec or DropoutSpec or AffineSpec { Activation: Activation.Sigmoid };

    private static double[] Means(LayerGraph below, ITrainingFrames frames, int count)
    {
        var sums = new double[below.OutputDim];
        for (var first = 0; first < count; first += MeanFrames)
        {
            int[] rows = [.. Enumerable.Range(first, Math.Min(MeanFrames, count - first))];
            using var sum = below.Forward(frames.Table, frames.Place(rows), PassMode.Evaluate).sum(dim: 0);
            var part = new double[sums.Length];
            sum.CopyTo(part);
            for (var i = 0; i < sums.Length; i++)
                sums[i] += part[i];
        }

        return Array.ConvertAll(sums, sum => sum / count);
    }

    private static float Logit(double mean)
    {
        var p = Math.Clamp(mean, LeastMean, 1 - LeastMean);
        return (float)Math.Log(p / (1 - p));
    }
}
