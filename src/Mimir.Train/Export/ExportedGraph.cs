using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Export;

/// <summary>A layer graph with its parameters, as formats of other systems are written from.</summary>
/// <param name="Spec">The graph.</param>
/// <param name="Weights">Its parameters by name.</param>
/// <param name="Origin">The file or folder, for messages.</param>
internal sealed record ExportedGraph(GraphSpec Spec, IReadOnlyDictionary<string, HostTensor> Weights, string Origin)
{
    /// <summary>Gets the sizes of the softmaxes over the output, side by side; null where that of the graph is all.</summary>
    public IReadOnlyList<int>? SoftmaxBlocks { get; private init; }

    /// <summary>Gets the values of an output frame.</summary>
    public int OutputDim => Dims()[Spec.Nodes[^1].Name];

    /// <summary>True when the cells of a recurrent layer have a limit.</summary>
    public bool LimitsCells => Spec.Nodes.Any(node => node.Block is LstmSpec { CellClip: > 0 } or LcBlstmSpec { Half.CellClip: > 0 });

    /// <summary>Makes graphs of components of nnet1, one behind the other: each splice begins a graph.</summary>
    /// <exception cref="InputException">There is a component that no block computes; the message names it.</exception>
    public static IReadOnlyList<ExportedGraph> Of(IReadOnlyList<NnetComponent> components, string origin)
    {
        var graphs = new List<ExportedGraph>();
        for (var first = 0; first < components.Count;)
        {
            var end = first + 1;
            while (end < components.Count && components[end] is not Splice)
                end++;

            NnetComponent[] part = [.. components.Skip(first).Take(end - first)];
            var builder = new Nnet1GraphBuilder(origin, fuse: true);
            for (var i = 0; i < part.Length; i++)
                builder.Add(part, i, isConstant: true);

            graphs.Add(new(builder.Spec, builder.Weights, origin)
            {
                SoftmaxBlocks = part[^1] is GenericComponent { Kind: "BlockSoftmax" } blocks
                    ? blocks.Field<IntVectorField>("BlockDims").Values
                    : null,
            });
            first = end;
        }

        return graphs;
    }

    /// <summary>The names of the values that a node takes.</summary>
    /// <param name="node">Its place in the graph.</param>
    public IReadOnlyList<string> InputsOf(int node) => Spec.Nodes[node].Inputs is { Count: > 0 } inputs
        ? inputs
        : [node == 0 ? NodeSpec.GraphInput : Spec.Nodes[node - 1].Name];

    /// <summary>The values of a frame by the name of the node, and of the input.</summary>
    public IReadOnlyDictionary<string, int> Dims()
    {
        var dims = new Dictionary<string, int>(StringComparer.Ordinal) { [NodeSpec.GraphInput] = Spec.InputDim };
        for (var i = 0; i < Spec.Nodes.Count; i++)
            dims[Spec.Nodes[i].Name] = Spec.Nodes[i].Block.OutputDimOf([.. InputsOf(i).Select(name => dims[name])]);

        return dims;
    }

    /// <summary>A parameter.</summary>
    /// <exception cref="InputException">It is missing, or not finite.</exception>
    public HostTensor Parameter(string name)
    {
        var tensor = Weights.TryGetValue(name, out var found)
            ? found
            : throw new InputException($"{Origin}: expected the weights '{name}', got {string.Join(", ", Weights.Keys)}.");
        return Array.TrueForAll(tensor.Values, float.IsFinite)
            ? tensor
            : throw new InputException($"{Origin}: expected finite weights '{name}', got infinity or NaN; was the training divergent?");
    }

    /// <summary>The parameters of one direction of an LSTM.</summary>
    public LstmParameters Lstm(LstmSpec spec, int inputDim, string prefix) =>
        LstmWeights.Read(spec, inputDim, name => Parameter(prefix + name).Values);

    /// <summary>The splice that all of the network follows, or null where the frames go to something else too.</summary>
    public SpliceSpec? LeadingSplice()
    {
        var readers = Spec.Nodes.Where((_, i) => InputsOf(i).Contains(NodeSpec.GraphInput)).ToList();
        return readers is [{ Block: SpliceSpec splice }] ? splice : null;
    }
}
