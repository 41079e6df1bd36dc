using System.Text;
using System.Text.Json;
using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Checkpoints;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;

namespace Mimir.Train.Runs;

/// <summary>The folder <c>model/</c> of a run: the network, its history, class counts, transition model, normalisation.</summary>
/// <param name="Path">The folder.</param>
public sealed record TrainedModel(string Path)
{
    private const string CountsFile = "pdf.counts";
    private const string TransitionFile = "final.mdl";
    private const string HistoryFile = "history.json";
    private const string UnitsFile = "units.txt";
    private const string CmvnFile = "cmvn.ark";
    private const string CmvnKey = "global";

    /// <summary>True when the class counts are there; only an imported model lacks them.</summary>
    public bool HasCounts => File.Exists(System.IO.Path.Combine(Path, CountsFile));

    /// <summary>True when the transition model is there; only an imported model lacks it.</summary>
    public bool HasTransitions => File.Exists(System.IO.Path.Combine(Path, TransitionFile));

    /// <summary>True when the network was imported, or is not known to be of a run: no epoch has led to it.</summary>
    public bool IsImported
    {
        get
        {
            var history = System.IO.Path.Combine(Path, HistoryFile);
            return Directory.Exists(Path) && (!File.Exists(history) || File.ReadAllText(history).Trim() == "[]");
        }
    }

    /// <summary>Writes the folder in one piece.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="history">The epochs that led to it.</param>
    /// <param name="counts">The frames of each class in the training alignments, or null where they are not known.</param>
    /// <param name="transitions">The transition model of the alignments, or null where it is not known.</param>
    /// <param name="cmvn">The statistics of the training set, where one normalisation serves all sets.</param>
    /// <param name="units">The symbols of the outputs, where these are no pdfs; null where they are.</param>
    /// <exception cref="IOException">The disk is full; the old folder is untouched.</exception>
    public void Save(
        LayerGraph graph,
        IReadOnlyList<EpochRecord> history,
        PdfCounts? counts,
        TransitionModel? transitions,
        CmvnStatistics? cmvn,
        IReadOnlyList<string>? units = null)
    {
        var more = new Dictionary<string, Action<Stream>>
        {
            [HistoryFile] = stream => stream.Write(
                Encoding.UTF8.GetBytes(JsonSerializer.Serialize(history, StateJson.Default.IReadOnlyListEpochRecord) + "\n")),
        };
        if (counts is not null)
            more[CountsFile] = stream => CopyTo(stream, file => counts.Write(file));
        if (units is not null)
            more[UnitsFile] = stream => stream.Write(Encoding.UTF8.GetBytes(string.Concat(units.Select((unit, id) => $"{unit} {id}\n"))));
        if (transitions is not null)
            more[TransitionFile] = stream => CopyTo(stream, file => transitions.Write(file));
        if (cmvn is not null)
        {
            more[CmvnFile] = stream => CopyTo(stream, file =>
            {
                using var writer = KaldiTables.DoubleMatrix.Create($"ark:{file}");
                writer.Write(CmvnKey, cmvn.ToMatrix());
            });
        }

        ModelFolder.Save(Path, graph, more);
    }

    /// <summary>Loads the network with priors from the training alignments, or from a file of counts.</summary>
    /// <param name="device">The device that it computes on.</param>
    /// <param name="counts">A file as analyze-counts writes it, or null for the training alignments'.</param>
    /// <param name="evaluation">The part of an utterance that the network sees at once; null for all of it.</param>
    /// <exception cref="FileNotFoundException">The folder or a file of it is missing.</exception>
    /// <exception cref="InputException">A file is damaged, or the counts are not of this network.</exception>
    public AcousticModel Load(Device device, string? counts = null, EvaluateRecipe? evaluation = null)
    {
        var file = counts ?? System.IO.Path.Combine(Path, CountsFile);
        var graph = ModelFolder.Load(Path, device);
        var priors = PdfCounts.Read(file).LogPriors();
        if (priors.Length == graph.OutputDim)
            return new(graph, priors) { Evaluation = evaluation ?? new() };

        graph.Dispose();
        throw new InputException($"{file}: expected counts of {graph.OutputDim} classes as in {Path}, got {priors.Length}.");
    }

    /// <summary>The class counts of the training alignments.</summary>
    public PdfCounts Counts() => PdfCounts.Read(System.IO.Path.Combine(Path, CountsFile));

    /// <summary>The transition model of the training alignments.</summary>
    public TransitionModel Transitions() => TransitionModel.Read(System.IO.Path.Combine(Path, TransitionFile));

    /// <summary>The normalisation of the training set, or null when each speaker or utterance has its own.</summary>
    public CmvnStatistics? Cmvn()
    {
        var file = System.IO.Path.Combine(Path, CmvnFile);
        return File.Exists(file) ? new(KaldiTables.DoubleMatrix.Read($"ark:{file}").First(entry => entry.Key == CmvnKey).Value) : null;
    }

    /// <summary>The epochs that led to the network; none where they are not known.</summary>
    public IReadOnlyList<EpochRecord> History()
    {
        var file = System.IO.Path.Combine(Path, HistoryFile);
        return File.Exists(file)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(file), StateJson.Default.IReadOnlyListEpochRecord) ?? []
            : [];
    }

    private void CopyTo(Stream stream, Action<string> write)
    {
        var scratch = $"{Path}.{Environment.ProcessId}.part";
        try
        {
            write(scratch);
            using var file = File.OpenRead(scratch);
            file.CopyTo(stream);
        }
        finally
        {
            File.Delete(scratch);
        }
    }
}
