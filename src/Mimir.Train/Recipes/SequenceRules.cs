using System.Globalization;
using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>What must hold between the layers of a recipe and its batches.</summary>
internal static class SequenceRules
{
    private const string Unit = "train.batch.unit";

    /// <summary>Everything that cannot be.</summary>
    public static IEnumerable<RecipeFinding> Check(LoadedRecipe loaded)
    {
        var batch = loaded.Recipe.Train.Batch;
        foreach (var (layer, place) in loaded.Recipe.Model.Select((layer, index) => (layer, index)))
        {
            var path = $"model.{place.ToString(CultureInfo.InvariantCulture)}";
            if (layer.Sequencing == Sequencing.Past && batch.Unit == BatchUnit.Frames)
            {
                yield return RecipeRules.At(
                    loaded,
                    Unit,
                    $"'{Unit}': the layer '{path}' remembers what came before, and batches of single frames have no before; set "
                    + "train.batch to {unit: chunks, streams: 10, chunk: 20}, or {unit: utterances, frames: 4000}");
                break;
            }

            if (layer.Sequencing == Sequencing.Whole && batch.Unit != BatchUnit.Utterances)
            {
                yield return RecipeRules.At(
                    loaded,
                    Unit,
                    $"'{Unit}': the layer '{path}' looks at whole utterances, and batches are of {Words(batch.Unit)}; set train.batch to "
                    + "{unit: utterances, frames: 4000}");
                break;
            }
        }

        if (loaded.Recipe.Evaluate is { Chunk: > 0, LeftContext: null, RightContext: > 0 })
        {
            yield return RecipeRules.At(
                loaded,
                "evaluate.right-context",
                "'evaluate.right-context': a state that is carried on has seen the frames behind the chunk already; name "
                + "'evaluate.left-context' as well, the frames from which each chunk starts anew");
        }

        if (batch is { Segment: > 0, Unit: not BatchUnit.Utterances })
        {
            yield return RecipeRules.At(
                loaded,
                "train.batch.segment",
                $"'train.batch.segment': only utterances are cut into segments, and batches are of {Words(batch.Unit)}; leave it out, "
                + $"or set '{Unit}' to utterances");
        }

        if (batch.Unit == BatchUnit.Utterances && !loaded.Origins.ContainsKey("train.batch.frames"))
        {
            yield return RecipeRules.At(
                loaded,
                "train.batch.frames",
                "'train.batch.frames' is missing: batches of whole utterances need to know how many frames fit, such as 4000");
        }
    }

    private static string Words(BatchUnit unit) => unit == BatchUnit.Frames ? "single frames" : "parts of utterances";
}
