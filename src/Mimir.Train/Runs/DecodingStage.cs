using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>The part of a run that decodes and scores: weights are chosen on one set, the test sets follow.</summary>
internal sealed class DecodingStage(RunContext run, SetLoader loader)
{
    /// <summary>Decodes the tuning set and then the others.</summary>
    /// <param name="recipe">Graph, beams and scoring.</param>
    /// <param name="loaded">A set that is in memory already, by name.</param>
    public IReadOnlyList<SetScore> Run(DecodeRecipe recipe, IReadOnlyDictionary<string, FrameCorpus> loaded)
    {
        var model = new TrainedModel(run.Folder.Model);
        loader.Normalisation.Global ??= model.Cmvn();
        using var acoustic = model.Load(
            Device.Parse(run.Recipe.Train.Device),
            recipe.Prior == DecodeRecipe.PriorFromAlignments ? null : recipe.Prior,
            run.Recipe.Evaluate);
        var graph = DecodingGraph.Read(recipe.Graph, model.Transitions());
        var decoder = new SetDecoder(graph, recipe, threads: 0, run.Progress, run.Time);
        var sets = SetsOf(run.Recipe.Corpus, recipe.TuneOn).ToList();
        var scorer = new SetScorer(recipe, graph.Words, sets, run.Warn);

        var scores = new List<SetScore>();
        foreach (var (name, set) in sets)
        {
            var corpus = loaded.GetValueOrDefault(name) ?? run.Load(name, () => loader.Load(name, set, run.Cancellation));
            var decoding = decoder.Decode(name, corpus.Utterances.Count, Score(acoustic, corpus), run.Cancellation);
            var folder = run.Folder.Decode(name);
            scores.AddRange(name == recipe.TuneOn ? scorer.Tune(decoding, folder) : scorer.Score(decoding, folder));
            Log(decoding, scores.Where(score => score.Set == name));
        }

        Compare(recipe.CompareWith, scores);
        return scores;
    }

    private IEnumerable<KeyValuePair<string, FloatMatrix>> Score(AcousticModel model, FrameCorpus corpus) =>
        model.Score(corpus, run.Cancellation)
            .Select(scored => KeyValuePair.Create(corpus.Utterances[scored.Utterance], scored.LogLikelihoods));

    private void Compare(string with, IReadOnlyList<SetScore> scores)
    {
        try
        {
            if (EarlierRun.Compare(run.Folder.Root, with, scores) is not { } compared)
                return;

            run.Recorder.Write(compared);
            foreach (var set in compared.Sets)
            {
                run.Progress.Say(FormattableString.Invariant(
                    $"{set.Set}: {set.Measure} {set.Before:F2}% before ({compared.Folder}), {set.Now:F2}% now: {set.Verdict}"));
            }

            foreach (var note in compared.Notes)
                run.Warn(note);
        }
        catch (InputException error)
        {
            run.Warn(error.Message);
        }
    }

    private static IEnumerable<KeyValuePair<string, CorpusSet>> SetsOf(CorpusRecipe corpus, string tuneOn)
    {
        var tuned = corpus.Find(tuneOn) ?? throw new InputException($"decode.tune-on: there is no set '{tuneOn}'.");
        return corpus.AllSets
            .Where(set => set.Key is not ("train" or "cv") && set.Key != tuneOn)
            .Prepend(KeyValuePair.Create(tuneOn, tuned));
    }

    private void Log(SetDecoding decoding, IEnumerable<SetScore> scores)
    {
        run.Recorder.Write(new SetDecoded
        {
            Set = decoding.Set,
            Utterances = decoding.Lattices.Count,
            Incomplete = decoding.Incomplete,
            Frames = decoding.Frames,
            Seconds = decoding.Seconds,
        });
        foreach (var score in scores)
        {
            run.Progress.Say(score.ToString());
            run.Recorder.Write(new SetScored
            {
                Set = score.Set,
                Measure = score.Measure,
                Percent = score.Counts.Percent,
                Reference = score.Counts.Reference,
                Insertions = score.Counts.Insertions,
                Deletions = score.Counts.Deletions,
                Substitutions = score.Counts.Substitutions,
                LmWeight = score.LmWeight,
                WordInsertionPenalty = score.WordPenalty,
                TunedOn = score.TunedOn,
            });
            if (score.Digest is { } digest)
                run.Recorder.Write(new ErrorsFound { Set = score.Set, Measure = score.Measure, Digest = digest });
        }
    }
}
