using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Features.Alignments;
using Mimir.Train.Evaluation;
using Mimir.Train.Runs;

namespace Mimir.Train.Export;

/// <summary>Makes a model folder of Kaldi's nnet1 files.</summary>
public static class ModelImport
{
    /// <summary>Imports a network.</summary>
    /// <param name="files">nnet1 files in the order of the data (a feature transform, then the network); or one folder of
    /// Kaldi's.</param>
    /// <param name="output">The model folder to make; one that is there is replaced.</param>
    /// <param name="counts">A file of class counts that becomes the model's priors, or null for those of Kaldi's folder.</param>
    /// <param name="transitions">The transition model, or null for that of Kaldi's folder.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="FormatException">A file is damaged, or has a component that is not computed here.</exception>
    /// <exception cref="IOException">The output is a folder of something else, or cannot be written.</exception>
    public static void Run(IReadOnlyList<string> files, string output, string? counts = null, string? transitions = null)
    {
        // The folder is replaced as a whole, so it must not be one of anything else.
        if (Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any() && !File.Exists(Path.Combine(output, CheckedFolder.Manifest)))
            throw new IOException($"{output}: is a folder of something else; name a new one, or a model folder to replace.");

        if (files is [var folder] && Directory.Exists(folder))
        {
            string? Existing(string name) => Path.Combine(folder, name) is var file && File.Exists(file) ? file : null;
            var network = Existing(ModelSource.Network)
                ?? throw new FileNotFoundException($"{folder}: expected {ModelSource.Network} in a folder of Kaldi's.", folder);
            files = [.. new[] { Existing(ModelSource.FeatureTransform), network }.OfType<string>()];
            counts ??= Existing(ModelSource.Counts);
            transitions ??= Existing(ModelSource.Transitions);
        }

        using var graph = Nnet1Import.Read(Device.Cpu, [.. files]);
        var priors = counts is null ? null : PdfCounts.Read(counts);
        if (priors is not null && priors.Values.Count != graph.OutputDim)
            throw new FormatException($"{counts}: expected counts of {graph.OutputDim} classes as {files[^1]} has, got {priors.Values.Count}.");

        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(output))) is { } parent)
            Directory.CreateDirectory(parent);

        new TrainedModel(output).Save(graph, [], priors, transitions is null ? null : TransitionModel.Read(transitions), cmvn: null);
    }
}
