using Mimir.Core.Losses;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Decode.Scoring;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;
using Mimir.Train.Losses;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>The part of a run by CTC that decodes and scores: the labels of the best path of each utterance, without a graph.</summary>
internal sealed class CtcDecodingStage(RunContext run, SetLoader loader, CtcUnits units)
{
    /// <summary>Decodes every set but the training set.</summary>
    /// <param name="loaded">A set that is in memory already, by name.</param>
    public IReadOnlyList<SetScore> Run(IReadOnlyDictionary<string, FrameCorpus> loaded)
    {
        var model = new TrainedModel(run.Folder.Model);
        loader.Normalisation.Global ??= model.Cmvn();
        var graph = ModelFolder.Load(model.Path, Device.Parse(run.Recipe.Train.Device));

        // Priors of 1: the outputs are taken as they are.
        using var network = new AcousticModel(graph, new float[graph.OutputDim]);
        var scores = new List<SetScore>();
        foreach (var (name, set) in run.Recipe.Corpus.AllSets.Where(set => set.Key != "train"))
        {
            var corpus = loaded.GetValueOrDefault(name) ?? run.Load(name, () => loader.Load(name, set, run.Cancellation));
            scores.Add(Decode(name, set, corpus, network));
        }

        return scores;
    }

    private SetScore Decode(string name, CorpusSet set, FrameCorpus corpus, AcousticModel network)
    {
        var began = run.Time.GetTimestamp();
        var references = units.LabelsOf(set);
        var counts = default(ErrorCounts);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (utterance, outputs) in network.Score(corpus, run.Cancellation))
        {
            var id = corpus.Utterances[utterance];
            var labels = Ctc.BestPath(outputs.Data, outputs.Columns);
            texts[id] = units.NamesOf(labels);
            if (references.TryGetValue(id, out var reference))
                counts += EditDistance.Count(reference.Length, labels.Length, (r, h) => reference[r] == labels[h]);
        }

        Directory.CreateDirectory(run.Folder.Decode(name));
        Transcripts.Write(Path.Combine(run.Folder.Decode(name), "hyp.txt"), texts);
        run.Recorder.Write(new SetDecoded
        {
            Set = name,
            Utterances = corpus.Utterances.Count,
            Frames = corpus.Frames,
            Seconds = run.Time.GetElapsedTime(began).TotalSeconds,
        });
        run.Recorder.Write(new SetScored
        {
            Set = name,
            Measure = units.Measure,
            Percent = counts.Percent,
            Reference = counts.Reference,
            Insertions = counts.Insertions,
            Deletions = counts.Deletions,
            Substitutions = counts.Substitutions,
        });
        run.Progress.Say($"{name}: {counts.ToLine(units.Measure)} by the best path");
        return new(name, units.Measure, counts, 0, 0, null);
    }
}
