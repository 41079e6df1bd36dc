using System.Globalization;
using Mimir.Base.Options;
using Mimir.Config;
using Mimir.Train.Layers;

namespace Mimir.Train.Recipes;

/// <summary>The layers of a recipe that contradict each other, or the batches and chunks that they are computed with.</summary>
internal static class ModelRules
{
    private const string Unit = "train.batch.unit";

    /// <summary>Lists every contradiction.</summary>
    /// <param name="loaded">The recipe.</param>
    public static IEnumerable<Finding> Check(LoadedRecipe loaded) =>
        [.. Order(loaded), .. Names(loaded), .. Options(loaded), .. Batches(loaded), .. Segments(loaded)];

    private static IEnumerable<Finding> Order(LoadedRecipe loaded)
    {
        var model = loaded.Recipe.Model;
        if (model is not [.., SoftmaxLayer])
            yield return loaded.At("model", "'model': the last layer must be softmax: add '- softmax: {}'");
        for (var index = 0; index < model.Count - 1; index++)
        {
            if (model[index] is SoftmaxLayer)
                yield return loaded.At($"model.{index}.softmax", $"'model.{index}.softmax': only the last layer can be softmax");
        }
    }

    private static IEnumerable<Finding> Names(LoadedRecipe loaded)
    {
        var known = new List<string> { LayerRecipe.Features };
        var model = loaded.Recipe.Model;
        foreach (var (index, layer) in model.Index())
        {
            var place = PathOf(loaded, index, "inputs");
            foreach (var input in layer.Inputs.Where(input => !known.Contains(input)))
            {
                var hint = model.Any(other => other.Name == input)
                    ? "that layer does not come before this one"
                    : NearestKey.Hint(input, known);
                yield return loaded.At(place, $"'{place}': no layer before is called '{input}'; {hint}");
            }

            if (layer.Inputs.Count > 1 && !layer.TakesManyInputs)
            {
                yield return loaded.At(
                    place, $"'{place}': expected one layer, got {layer.Inputs.Count}; join them with sum or append first");
            }

            if (layer.Name is not { } name)
                continue;

            if (known.Contains(name))
            {
                place = PathOf(loaded, index, "name");
                yield return loaded.At(place, $"'{place}': '{name}' is taken; choose another name");
            }

            known.Add(name);
        }
    }

    private static IEnumerable<Finding> Options(LoadedRecipe loaded)
    {
        foreach (var (index, layer) in loaded.Recipe.Model.Index())
        {
            foreach (var (key, problem) in layer.Problems)
            {
                var path = $"model.{index}.{KindAttribute.NameOf(layer)}.{key}";
                yield return loaded.At(path, $"'{path}': {problem}");
            }
        }
    }

    // The first layer that the unit of batches does not suit.
    private static IEnumerable<Finding> Batches(LoadedRecipe loaded)
    {
        var batch = loaded.Recipe.Train.Batch;
        foreach (var (index, layer) in loaded.Recipe.Model.Index())
        {
            var path = $"model.{index.ToString(CultureInfo.InvariantCulture)}";
            if (layer.Sequencing == Sequencing.Past && batch.Unit == BatchUnit.Frames)
            {
                yield return loaded.At(
                    Unit,
                    $"'{Unit}': the layer '{path}' remembers what came before, and batches of single frames have no before; set "
                    + "train.batch to {unit: chunks, streams: 10, chunk: 20}, or {unit: utterances, frames: 4000}");
                yield break;
            }

            if (layer.Sequencing == Sequencing.Whole && batch.Unit != BatchUnit.Utterances)
            {
                yield return loaded.At(
                    Unit,
                    $"'{Unit}': the layer '{path}' looks at whole utterances, and batches are of {Words(batch.Unit)}; set train.batch to "
                    + "{unit: utterances, frames: 4000}");
                yield break;
            }
        }
    }

    private static IEnumerable<Finding> Segments(LoadedRecipe loaded)
    {
        var batch = loaded.Recipe.Train.Batch;
        if (loaded.Recipe.Evaluate is { Chunk: > 0, LeftContext: null, RightContext: > 0 })
        {
            yield return loaded.At(
                "evaluate.right-context",
                "'evaluate.right-context': a state that is carried on has seen the frames behind the chunk already; name "
                + "'evaluate.left-context' as well, the frames from which each chunk starts anew");
        }

        if (batch is { Segment: > 0, Unit: not BatchUnit.Utterances })
        {
            yield return loaded.At(
                "train.batch.segment",
                $"'train.batch.segment': only utterances are cut into segments, and batches are of {Words(batch.Unit)}; leave it out, "
                + $"or set '{Unit}' to utterances");
        }

        if (batch.Unit == BatchUnit.Utterances && !loaded.Origins.ContainsKey("train.batch.frames"))
        {
            yield return loaded.At(
                "train.batch.frames",
                "'train.batch.frames' is missing: batches of whole utterances need to know how many frames fit, such as 4000");
        }
    }

    private static string Words(BatchUnit unit) => unit == BatchUnit.Frames ? "single frames" : "parts of utterances";

    // The path of a key that every kind of layer has, with the kind in it as the file has it.
    private static string PathOf(LoadedRecipe loaded, int index, string key)
    {
        var layer = $"model.{index}.";
        return loaded.Origins.Keys.FirstOrDefault(path =>
                path.StartsWith(layer, StringComparison.Ordinal) && path.EndsWith($".{key}", StringComparison.Ordinal))
            ?? $"{layer}{key}";
    }
}
