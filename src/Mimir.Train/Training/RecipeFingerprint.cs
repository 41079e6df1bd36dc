using System.Security.Cryptography;
using System.Text;
using Mimir.Train.Recipes;

namespace Mimir.Train.Training;

/// <summary>The identity of the model that a recipe trains: a checkpoint is continued only by a recipe with the same one.</summary>
public static class RecipeFingerprint
{
    /// <summary>
    /// A hash of all that decides the model's bytes. Device, threads, the place of the frames, checkpoints, output folder and decoding
    /// are not in it: a run may continue on another machine, and decode in another way.
    /// </summary>
    /// <remarks>It is taken of the recipe's YAML, whose keys are a contract, and not of the names of the program's types.</remarks>
    /// <param name="recipe">The recipe.</param>
    public static string Of(Recipe recipe) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(RecipeFormat.ToLine(Identity(recipe)))));

    /// <summary>The values that the fingerprint is taken of, by key.</summary>
    /// <param name="recipe">The recipe.</param>
    public static IReadOnlyDictionary<string, string> ValuesOf(Recipe recipe) => RecipeFormat.ValuesOf(Identity(recipe));

    private static Recipe Identity(Recipe recipe)
    {
        var (plain, corpus) = (new TrainRecipe(), recipe.Corpus);
        return recipe with
        {
            Name = "",
            Output = null,
            Decode = null,
            Corpus = new() { Train = corpus.Train, Cv = corpus.Cv },
            Train = recipe.Train with
            {
                Device = plain.Device,
                Threads = plain.Threads,
                Store = plain.Store,
                Checkpoint = plain.Checkpoint,
            },
        };
    }
}
