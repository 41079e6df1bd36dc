using System.Security.Cryptography;
using System.Text;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>The identity of the model that a recipe trains: a checkpoint is continued only by a recipe with the same one.</summary>
public static class RecipeFingerprint
{
    /// <summary>
    /// A hash of all that decides the model's bytes. Device, threads, checkpoints, output folder and decoding are not in
    /// it: a run may continue on another machine, and decode in another way.
    /// </summary>
    public static string Of(Recipe recipe)
    {
        var features = recipe.Features;
        var text = new StringBuilder()
            .AppendLine($"seed {recipe.Seed}")
            .AppendLine($"train {recipe.Corpus.Train}")
            .AppendLine($"cv {recipe.Corpus.Cv}")
            .AppendLine($"features {features.Type} {features.Cmvn} {features.Deltas} {features.Splice} {features.Normalise}")
            .AppendJoin(' ', features.Options.OrderBy(option => option.Key, StringComparer.Ordinal)).AppendLine()
            .Append(PitchOf(features))
            .AppendJoin('\n', recipe.Model).AppendLine()
            .AppendLine($"{recipe.Train.Loss} {recipe.Train.Batch} {recipe.Train.Optimiser} {recipe.Train.Schedule}")
            .AppendLine($"{recipe.Train.MaxDropped} {recipe.Train.LengthTolerance} {recipe.Train.TargetDelay} {recipe.Evaluate}")
            .Append(recipe.Distribute);
        if (recipe.Augment is { } augment)
            text.AppendLine().Append(augment);

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string PitchOf(FeaturesRecipe features) => features.Pitch is { } pitch
        ? $"pitch {string.Join(' ', pitch.Options.OrderBy(option => option.Key, StringComparer.Ordinal))}\n"
        : "";
}
