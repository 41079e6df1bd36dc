using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>A network with its class counts, transition model, normalisation and features.</summary>
public sealed record ExportableModel
{
    private readonly Lazy<IReadOnlyList<NnetComponent>> _components;
    private readonly Lazy<IReadOnlyList<ExportedGraph>> _graphs;

    /// <summary>Creates the model of a network of nnet1.</summary>
    /// <param name="components">The network, from features to classes.</param>
    /// <param name="origin">The file or folder, for messages.</param>
    public ExportableModel(IReadOnlyList<NnetComponent> components, string origin)
    {
        (Origin, OutputDim) = (origin, components.Count > 0 ? components[^1].OutputDim : 0);
        _components = new(() => components);
        _graphs = new(() => ExportedGraph.Of(components, origin));
    }

    /// <summary>Creates the model of a layer graph.</summary>
    internal ExportableModel(ExportedGraph graph)
    {
        (Origin, OutputDim) = (graph.Origin, graph.OutputDim);
        _components = new(() => Nnet1Export.Translate(graph.Spec, graph.Weights, graph.Origin));
        _graphs = new(() => [graph]);
    }

    /// <summary>Gets the file or folder, for messages.</summary>
    public string Origin { get; }

    /// <summary>Gets the number of classes.</summary>
    public int OutputDim { get; }

    /// <summary>Gets the network as components of nnet1, from features to classes.</summary>
    /// <exception cref="InputException">nnet1 has no counterpart of a layer; the message names it.</exception>
    public IReadOnlyList<NnetComponent> Components => _components.Value;

    /// <summary>Gets the class counts of the training alignments, or null when they are not known.</summary>
    public PdfCounts? Counts { get; init; }

    /// <summary>Gets the transition model of the training alignments, or null when it is not known.</summary>
    public TransitionModel? Transitions { get; init; }

    /// <summary>Gets the statistics of the training set, where one normalisation serves all data.</summary>
    public CmvnStatistics? Cmvn { get; init; }

    /// <summary>Gets the description of the features, or null when it is not known.</summary>
    public FeatureDescription? Features { get; init; }

    /// <summary>Gets the number of leading components that prepare features and are not trained.</summary>
    public int TransformLength => Components.TakeWhile(c => c is Splice or Copy or AddShift or Rescale).Count();

    /// <summary>Gets the network as layer graphs, of which each takes the output of the one before.</summary>
    /// <exception cref="InputException">A component of nnet1 is only kept, not computed; the message names it.</exception>
    internal IReadOnlyList<ExportedGraph> Graphs => _graphs.Value;
}
