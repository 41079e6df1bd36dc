using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Features.Nnet1;
using CoreActivation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Evaluation;

/// <summary>Makes a layer graph of Kaldi's nnet1 networks: feature transforms and feed-forward models.</summary>
/// <remarks>
/// An activation behind an affine transform becomes part of its node. A splice can only be the first component, because a
/// graph gathers frames at its input.
/// </remarks>
public sealed class Nnet1Import
{
    private readonly List<NodeSpec> _nodes = [];
    private readonly Dictionary<string, HostTensor> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = [];

    private Nnet1Import()
    {
    }

    /// <summary>Reads nnet1 files and makes one graph of them.</summary>
    /// <param name="device">Where the graph computes.</param>
    /// <param name="paths">The files in the order of the data: a feature transform, then the network; gzip too.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is no nnet1 network, or has a component that no block computes.</exception>
    public static LayerGraph Read(Device device, params ReadOnlySpan<string> paths)
    {
        var components = new List<(string Path, NnetComponent Component)>();
        foreach (var path in paths)
            components.AddRange(Nnet1File.Read(path).Components.Select(component => (path, component)));

        var import = new Nnet1Import();
        for (var i = 0; i < components.Count; i++)
        {
            var (path, component) = components[i];
            if (i == 0 && component is not Splice)
                import.Add("splice", new SpliceSpec([0]));

            var activation = component is AffineTransform or LinearTransform && i + 1 < components.Count
                ? ActivationOf(components[i + 1].Component)
                : CoreActivation.None;
            import.Add(path, component, activation);
            i += activation == CoreActivation.None ? 0 : 1;
        }

        return import.Build(device, components);
    }

    private LayerGraph Build(Device device, List<(string Path, NnetComponent Component)> components)
    {
        if (components.Count == 0)
            throw new FormatException("The network has no components.");

        var graph = new LayerGraph(new GraphSpec(components[0].Component.InputDim, _nodes), device);
        ModelFolder.SetWeights(graph, _weights, components[^1].Path);
        return graph;
    }

    private void Add(string path, NnetComponent component, CoreActivation activation)
    {
        switch (component)
        {
            case Splice splice when _nodes.Count == 0:
                Add("splice", new SpliceSpec(splice.Offsets));
                break;
            case AddShift shift:
                Add("add-shift", new AddShiftSpec(shift.Shift));
                break;
            case Rescale scale:
                Add("rescale", new RescaleSpec(scale.Scale));
                break;
            case AffineTransform affine:
                AddAffine(affine, activation);
                break;
            case LinearTransform linear:
                AddAffine(
                    new AffineTransform(linear.Weights, new float[linear.OutputDim]) { LearnRateCoef = linear.LearnRateCoef, BiasLearnRateCoef = 0 },
                    activation);
                break;
            case Softmax:
                Add("softmax", new SoftmaxSpec());
                break;
            case Dropout dropout:
                Add("dropout", new DropoutSpec(dropout.Rate));
                break;
            default:
                throw new FormatException(
                    $"{path}: expected splice (first), affine or linear transforms with sigmoid, tanh or a ParametricRelu of the slopes "
                    + $"1 and 0, shifts, scales, dropout and softmax, got <{component.Name}>, which is not computed here.");
        }
    }

    private void AddAffine(AffineTransform affine, CoreActivation activation)
    {
        var name = Add("affine", new AffineSpec
        {
            OutputDim = affine.OutputDim,
            InputDim = affine.InputDim,
            Activation = activation,
            LearnRateCoef = affine.LearnRateCoef,
            BiasLearnRateCoef = affine.BiasLearnRateCoef,
            MaxNorm = affine.MaxNorm,
        });
        _weights[$"{name}.weight"] = new([affine.OutputDim, affine.InputDim], affine.Weights.Data);
        _weights[$"{name}.bias"] = new([affine.OutputDim], affine.Bias);
    }

    private static CoreActivation ActivationOf(NnetComponent component) => component switch
    {
        Sigmoid => CoreActivation.Sigmoid,
        Tanh => CoreActivation.Tanh,
        ParametricRelu relu when relu.Alpha.All(alpha => alpha == 1) && relu.Beta.All(beta => beta == 0) => CoreActivation.Relu,
        _ => CoreActivation.None,
    };

    private string Add(string kind, BlockSpec block)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        _nodes.Add(new NodeSpec($"{kind}{count}", block));
        return _nodes[^1].Name;
    }
}
