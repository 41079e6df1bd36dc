using Mimir.Config;
using Mimir.Train.Layers;

namespace Mimir.Train.Recipes;

/// <summary>Losses that contradict the rest of a recipe. Looks at no file.</summary>
internal static class LossRules
{
    /// <summary>Lists every contradiction.</summary>
    /// <param name="loaded">The recipe.</param>
    public static IEnumerable<Finding> Check(LoadedRecipe loaded)
    {
        var recipe = loaded.Recipe;
        var loss = recipe.Train.Loss;
        if (loss.NeedsUtterances && recipe.Train.Batch is not { Unit: BatchUnit.Utterances, Segment: 0 })
        {
            yield return loaded.At(
                "train.batch",
                "'train.batch': the loss is over whole utterances; set it to {unit: utterances, frames: 4000}, without segments");
        }

        if (loss.NeedsUtterances && recipe.Evaluate.Chunk > 0)
            yield return loaded.At("evaluate.chunk", "'evaluate.chunk': the loss is over whole utterances; leave it out");
        if (loss is CtcRecipe { Unit: CtcUnit.Phone, Lexicon: null })
        {
            const string Key = "train.loss.ctc.lexicon";
            yield return loaded.At(Key, $"'{Key}' is missing: phones need the pronunciations of words");
        }

        if (loss is MultitaskRecipe tasks)
        {
            foreach (var finding in Tasks(loaded, tasks))
                yield return finding;
        }
    }

    private static IEnumerable<Finding> Tasks(LoadedRecipe loaded, MultitaskRecipe tasks)
    {
        const string Key = "train.loss.multitask";
        if (tasks.Weights.Count != 0 && tasks.Weights.Count != tasks.Outputs.Count)
        {
            yield return loaded.At(
                $"{Key}.weights", $"'{Key}.weights': expected one for each of {tasks.Outputs.Count} tasks, got {tasks.Weights.Count}");
        }

        if (loaded.Recipe.Model is not [.., SoftmaxLayer { Dim: { } outputs }] || outputs != tasks.Outputs.Sum())
        {
            yield return loaded.At(
                $"{Key}.outputs", $"'{Key}.outputs': the softmax must name as many outputs: {{softmax: {{dim: {tasks.Outputs.Sum()}}}}}");
        }

        if (loaded.Recipe.Decode is not null)
        {
            yield return loaded.At(
                "decode", "'decode': a graph is of one task, and the network has several; export the network and keep the outputs of one");
        }
    }
}
