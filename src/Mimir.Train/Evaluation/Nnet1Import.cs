using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Evaluation;

/// <summary>Makes a layer graph of Kaldi's nnet1 networks: feature transforms and feed-forward models.</summary>
/// <remarks>A splice can only be the first component, because a graph gathers frames at its input.</remarks>
public static class Nnet1Import
{
    /// <summary>Reads nnet1 files and makes one graph of them.</summary>
    /// <param name="device">Where the graph computes.</param>
    /// <param name="paths">The files in the order of the data: a feature transform, then the network; gzip too.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A file is no nnet1 network, or has a component that no block computes.</exception>
    public static LayerGraph Read(Device device, params ReadOnlySpan<string> paths)
    {
        var components = new List<NnetComponent>();
        foreach (var path in paths)
            components.AddRange(Nnet1File.Read(path).Components);

        // Only what trains keeps the way back to components.
        return Nnet1Network.Build(device, components, paths.IsEmpty ? "" : paths[^1], constants: components.Count).Graph;
    }
}
