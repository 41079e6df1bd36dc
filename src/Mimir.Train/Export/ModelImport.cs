using Mimir.Base;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Evaluation;
using Mimir.Train.Runs;

namespace Mimir.Train.Export;

/// <summary>Converts Kaldi's nnet1 files, or an ONNX model that is a chain of layers, to a model folder.</summary>
public static class ModelImport
{
    /// <summary>Imports a network.</summary>
    /// <param name="files">nnet1 files in the order of the data (a feature transform, then the network); one folder of Kaldi's;
    /// or one ONNX model.</param>
    /// <param name="output">The model folder to make; one that is there is replaced.</param>
    /// <param name="counts">A file of class counts that becomes the model's priors, or null for those that are there.</param>
    /// <param name="transitions">The transition model, or null for the one that is there.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InputException">A file is damaged, or has a component that is not computed here.</exception>
    /// <exception cref="IOException">The output is a folder of something else, or cannot be written.</exception>
    public static void Run(IReadOnlyList<string> files, string output, string? counts = null, string? transitions = null)
    {
        CheckedFolder.RefuseOthers(output);
        if (files is [var folder] && File.Exists(Path.Combine(folder, CheckedFolder.Manifest)))
            throw new InputException($"{folder}: is a model folder already; 'mimir export' makes other formats of it.");

        var model = ModelSource.Open(files);
        var priors = counts is null ? model.Counts : PdfCounts.Read(counts);
        if (model.Components.OfType<GenericComponent>().Any(component => component.Kind == "BlockSoftmax"))
        {
            throw new InputException(
                $"{model.Origin}: a model folder has one softmax over all classes; <BlockSoftmax> cannot be imported.");
        }

        using var network = Nnet1Network.Build(Device.Cpu, model.Components, model.Origin, constants: model.TransformLength);
        var graph = network.Graph;
        if (priors is not null && priors.Values.Count != graph.OutputDim)
        {
            throw new InputException(
                $"{counts ?? model.Origin}: expected counts of {graph.OutputDim} classes as {model.Origin} has, got "
                + $"{priors.Values.Count}.");
        }

        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(output))) is { } parent)
            Directory.CreateDirectory(parent);

        var transitionModel = transitions is null ? model.Transitions : TransitionModel.Read(transitions);
        new TrainedModel(output).Save(graph, [], priors, transitionModel, cmvn: null);
    }
}
