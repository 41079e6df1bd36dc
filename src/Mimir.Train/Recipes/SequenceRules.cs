using Mimir.Base.Options;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>The values of a recipe that contradict a loss over lattices.</summary>
internal static class SequenceRules
{
    /// <summary>Lists every contradiction.</summary>
    /// <param name="loaded">The recipe.</param>
    public static IEnumerable<Finding> Check(LoadedRecipe loaded)
    {
        var recipe = loaded.Recipe;
        if (recipe.Train.Loss is not SequenceLossRecipe loss)
            return [];

        var path = $"train.loss.{KindAttribute.NameOf(loss)}";
        return
        [
            .. Find(
                recipe.Train.From is null, "train.from",
                " is missing: training by lattices starts from a trained network, that of the run named here"),
            .. Find(
                recipe.Train.Batch.Unit != BatchUnit.Utterances || recipe.Train.Batch.Segment > 0, "train.batch.unit",
                ": lattices are of whole utterances; set train.batch to {unit: utterances, frames: 2000}, without 'segment'"),
            .. Find(
                recipe.Evaluate.Chunk > 0, "evaluate.chunk",
                ": lattices are of whole utterances; leave it out, so that cross-validation sees whole ones"),
            .. Find(
                loss is { Language: null, Graph: null } && recipe.Decode is null, path,
                " needs a graph to find competitors with: name 'lang' or 'graph', or a section 'decode'"),
            .. Find(
                loss is { Language: not null, Graph: not null }, $"{path}.graph",
                ": the graph is to be made from 'lang'; keep one of the two"),
            .. Find(
                loss.Lattices == LatticeOrigin.Once && recipe.Augment is { ChangesWaves: true }, $"{path}.lattices",
                ": lattices that are made once do not fit waves that augmentation changes; set it to on-the-fly"),
            .. Sets(loaded),
        ];

        IEnumerable<Finding> Find(bool isWrong, string key, string problem) =>
            isWrong ? [loaded.At(key, $"'{key}'{problem}")] : [];
    }

    private static IEnumerable<Finding> Sets(LoadedRecipe loaded)
    {
        var corpus = loaded.Recipe.Corpus;
        foreach (var (name, set) in new[] { ("train", corpus.Train), ("cv", corpus.Cv) })
        {
            if (set is { Targets: not null })
            {
                var key = $"corpus.{name}.targets";
                yield return loaded.At(key, $"'{key}': training by lattices needs transition-ids; name 'alignments' instead");
            }

            if (set is { FrameWeights: not null } or { UtteranceWeights: not null })
            {
                var key = $"corpus.{name}.{(set.FrameWeights is null ? "utterance-weights" : "frame-weights")}";
                yield return loaded.At(key, $"'{key}': losses over lattices take no weights; leave it out");
            }
        }
    }
}
