using Mimir.Base;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;

namespace Mimir.Tests.Support;

/// <summary>Makes recipes for tests.</summary>
internal static class Some
{
    public const string Recipe = """
        name: toy
        corpus:
          train: {dir: data/train, alignments: ali}
          cv:    {dir: data/cv, alignments: ali_cv}
        model:
          - affine: {dim: 16, repeat: 2}
          - softmax: {}
        """;

    public static LoadedRecipe Read(string text, params string[] overrides) =>
        RecipeReader.Parse(text, "toy.yaml", new() { Overrides = overrides, Environment = _ => null });

    /// <summary>The layers of a model in YAML, such as <c>[{affine: {dim: 6}}, softmax]</c>.</summary>
    public static IReadOnlyList<LayerRecipe> Model(string layers) =>
        Read($"{Recipe[..Recipe.IndexOf("model:", StringComparison.Ordinal)]}model: {layers}\ntrain: "
            + $"{{batch: {{unit: utterances, frames: 1000}}}}").Recipe.Model;

    public static string ErrorOf(string text, params string[] overrides) =>
        Assert.Throws<InputException>(() => Read(text, overrides)).Message;
}
