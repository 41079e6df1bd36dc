using Mimir.Config;

namespace Mimir.Train.Recipes;

/// <summary>What must hold between the layers of a recipe.</summary>
internal static class ModelRules
{
    /// <summary>Everything in the list of layers that cannot be.</summary>
    public static IEnumerable<RecipeFinding> Check(LoadedRecipe loaded)
    {
        var model = loaded.Recipe.Model;
        if (model.Count == 0 || model[^1] is not SoftmaxLayer)
            yield return RecipeRules.At(loaded, "model", "'model': the last layer must be softmax: add '- softmax: {}'");
        for (var index = 0; index < model.Count - 1; index++)
        {
            if (model[index] is SoftmaxLayer)
            {
                yield return RecipeRules.At(
                    loaded, $"model.{index}.softmax", $"'model.{index}.softmax': only the last layer can be softmax");
            }
        }

        foreach (var finding in Names(loaded))
            yield return finding;
        for (var index = 0; index < model.Count; index++)
        {
            if (Problem(model[index]) is var (key, problem))
                yield return RecipeRules.At(loaded, $"model.{index}.{key}", $"'model.{index}.{key}': {problem}");
        }
    }

    private static (string Key, string Problem)? Problem(LayerRecipe layer) => layer switch
    {
        SumLayer { Scales.Count: > 0 } sum when sum.Scales.Count != Math.Max(1, sum.Inputs.Count) =>
            ("sum.scales", $"expected one for each of the {Math.Max(1, sum.Inputs.Count)} inputs, got {sum.Scales.Count}"),
        TdnnLayer { Offsets: var offsets } when !AreOnce(offsets) => ("tdnn.offsets", Once(offsets)),
        ConvolutionLayer { Times: var times } when !AreOnce(times) => ("conv2d.times", Once(times)),
        ConvolutionLayer conv when conv.Padding >= conv.Kernel =>
            ("conv2d.padding", $"expected less than kernel, {conv.Kernel}, got {conv.Padding}"),
        MaxPoolLayer { Times: var times } when !AreOnce(times) => ("max-pool.times", Once(times)),
        BlstmLayer { Chunk: 0, RightContext: > 0 } =>
            ("blstm.right-context", "a context belongs to a chunk; say chunk too, such as 40"),
        TdnnfLayer tdnnf when tdnnf.Bottleneck >= tdnnf.Dim =>
            ("tdnnf.bottleneck", $"expected less than dim, {tdnnf.Dim}, got {tdnnf.Bottleneck}"),
        _ => null,
    };

    private static bool AreOnce(IReadOnlyList<int> frames) => frames.Count > 0 && frames.Distinct().Count() == frames.Count;

    private static string Once(IReadOnlyList<int> frames) =>
        $"expected frames, each once, such as [-3, 0, 3], got [{string.Join(", ", frames)}]";

    private static IEnumerable<RecipeFinding> Names(LoadedRecipe loaded)
    {
        var known = new List<string> { LayerRecipe.Features };
        var model = loaded.Recipe.Model;
        for (var index = 0; index < model.Count; index++)
        {
            var layer = model[index];
            var place = PathOf(loaded, index, "inputs");
            foreach (var input in layer.Inputs.Where(input => !known.Contains(input)))
            {
                var hint = model.Any(other => other.Name == input)
                    ? "that layer does not come before this one"
                    : NearestKey.Hint(input, known);
                yield return RecipeRules.At(loaded, place, $"'{place}': no layer before is called '{input}'; {hint}");
            }

            if (layer.Inputs.Count > 1 && !TakesMany(layer))
            {
                yield return RecipeRules.At(
                    loaded, place, $"'{place}': expected one layer, got {layer.Inputs.Count}; join them with sum or append first");
            }

            if (layer.Name is not { } name)
                continue;

            if (known.Contains(name))
            {
                place = PathOf(loaded, index, "name");
                yield return RecipeRules.At(loaded, place, $"'{place}': '{name}' is taken; choose another name");
            }

            known.Add(name);
        }
    }

    /// <summary>The path of a layer's key, which has the kind of layer in it, as somebody wrote it.</summary>
    private static string PathOf(LoadedRecipe loaded, int index, string key)
    {
        var layer = $"model.{index}.";
        return loaded.Origins.Keys.FirstOrDefault(path =>
                path.StartsWith(layer, StringComparison.Ordinal) && path.EndsWith($".{key}", StringComparison.Ordinal))
            ?? $"{layer}{key}";
    }

    private static bool TakesMany(LayerRecipe layer) => layer is SumLayer or AppendLayer;
}
