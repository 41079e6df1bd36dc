using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Evaluation;

/// <summary>Components of nnet1 as a layer graph, and the way back after training.</summary>
/// <remarks>
/// Each component has a node, except that an activation right behind an affine transform is computed with it, and that a
/// block softmax at the end is left to the user of the output.
/// </remarks>
public sealed class Nnet1Network : IDisposable
{
    private readonly List<string> _nodes;

    private Nnet1Network(LayerGraph graph, IReadOnlyList<NnetComponent> components, List<string> nodes) =>
        (Graph, Components, _nodes) = (graph, components, nodes);

    /// <summary>Gets the graph.</summary>
    public LayerGraph Graph { get; }

    /// <summary>Gets the components as they were given.</summary>
    public IReadOnlyList<NnetComponent> Components { get; }

    /// <summary>Builds the graph of some components.</summary>
    /// <param name="device">The device that it computes on.</param>
    /// <param name="components">At least one; a splice can only be the first.</param>
    /// <param name="origin">The file, for messages.</param>
    /// <param name="constants">The components at the beginning whose shifts and scales do not learn, whatever they say.</param>
    /// <param name="fuse">True to compute activations with the affine transform before them.</param>
    /// <exception cref="InputException">There is a component that no block computes; the message names it.</exception>
    public static Nnet1Network Build(
        Device device, IReadOnlyList<NnetComponent> components, string origin, int constants = 0, bool fuse = true)
    {
        var builder = new Nnet1GraphBuilder(origin, fuse);
        for (var i = 0; i < components.Count; i++)
            builder.Add(components, i, isConstant: i < constants);

        var graph = new LayerGraph(builder.Spec, device);
        ModelFolder.SetWeights(graph, builder.Weights, origin);
        return new(graph, components, builder.NodeOf);
    }

    /// <summary>The node that computes a component.</summary>
    /// <param name="component">Its place in <see cref="Components"/>.</param>
    public string NodeOf(int component) => _nodes[component];

    /// <summary>The components with the graph's present parameters.</summary>
    public IReadOnlyList<NnetComponent> ToComponents()
    {
        var weights = ModelFolder.Weights(Graph);
        return [.. Components.Select((component, i) => WithParameters(component, _nodes[i], weights))];
    }

    /// <inheritdoc/>
    public void Dispose() => Graph.Dispose();

    private static NnetComponent WithParameters(
        NnetComponent component, string node, IReadOnlyDictionary<string, HostTensor> weights)
    {
        float[]? Get(string name) => weights.GetValueOrDefault($"{node}.{name}")?.Values;
        float[] Need(string name) => weights[$"{node}.{name}"].Values;
        return component switch
        {
            AffineTransform affine when Get("weight") is { } matrix && Get("bias") is { } bias =>
                affine with { Weights = new FloatMatrix(affine.OutputDim, affine.InputDim, matrix), Bias = bias },
            LinearTransform linear when Get("weight") is { } matrix =>
                linear with { Weights = new FloatMatrix(linear.OutputDim, linear.InputDim, matrix) },
            ParametricRelu relu when Get("alpha") is { } alpha && Get("beta") is { } beta =>
                relu with { Alpha = alpha, Beta = beta },
            LstmProjected lstm => lstm with { Parameters = LstmWeights.Read(LstmWeights.SpecOf(lstm), lstm.InputDim, Need) },
            BlstmProjected blstm => blstm with
            {
                Forward = LstmWeights.Read(LstmWeights.SpecOf(blstm), blstm.InputDim, name => Need(LstmWeights.Forward + name)),
                Backward = LstmWeights.Read(LstmWeights.SpecOf(blstm), blstm.InputDim, name => Need(LstmWeights.Backward + name)),
            },
            AddShift shift when Get("shift") is { } values => shift with { Shift = values },
            Rescale rescale when Get("scale") is { } values => rescale with { Scale = values },
            _ => component,
        };
    }
}

/// <summary>Makes a layer graph of Kaldi's nnet1 networks: feature transforms and feed-forward models.</summary>
/// <remarks>A splice can only be the first component, because a graph gathers frames at its input.</remarks>
public static class Nnet1Import
{
    /// <summary>Reads nnet1 files and makes one graph of them.</summary>
    /// <param name="device">The device of the graph.</param>
    /// <param name="paths">The files in the order of the data: a feature transform, then the network; gzip too.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A file is no nnet1 network, or has a component that no block computes.</exception>
    public static LayerGraph Read(Device device, params ReadOnlySpan<string> paths)
    {
        var components = new List<NnetComponent>();
        foreach (var path in paths)
            components.AddRange(Nnet1File.Read(path).Components);

        // Only the graph is kept: the way back to components serves training alone.
        return Nnet1Network.Build(device, components, paths.IsEmpty ? "" : paths[^1], constants: components.Count).Graph;
    }
}
