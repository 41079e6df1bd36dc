using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Training;

namespace Mimir.Lab.Emulation;

/// <summary>The sizes of a recipe's model, batch and training set, found without loading features.</summary>
public static class RecipeSize
{
    // Reading them takes about a second.
    private const long MostBytes = 64 << 20;

    /// <summary>The parameters of the recipe's model.</summary>
    /// <param name="recipe">Features, layers, and the transition model of the training set.</param>
    /// <exception cref="InputException">The layers do not fit together, or nothing says how many classes there are.</exception>
    /// <exception cref="IOException">The transition model, or the table of given features, cannot be read.</exception>
    public static long Parameters(Recipe recipe)
    {
        var train = TrainSet(recipe);
        var classes = SetLoader.FindTransitionModel(train)?.PdfCount ?? RecipeBuilder.Classes(recipe);
        return ModelBuilder.Build(recipe, Dim(recipe, train), classes, moments: null).CountParameters();
    }

    /// <summary>The frames of the training set, by its alignments.</summary>
    /// <param name="recipe">Names the training set.</param>
    /// <exception cref="InputException">There are no alignments, or more than are counted in passing.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static long Frames(Recipe recipe)
    {
        var set = TrainSet(recipe);
        if (recipe.Corpus.Source is not null || set.Alignments is not { } source)
            throw new InputException("corpus.train: there are no alignments on this machine to count frames in; give --frames");
        if (Directory.Exists(source) && new DirectoryInfo(source).EnumerateFiles("ali.*").Sum(file => file.Length) > MostBytes)
            throw new InputException($"{source}: more than {MostBytes >> 20} MiB of alignments take long to count; give --frames");

        var alignments = AlignmentSet.Read(source, SetLoader.TransitionModelOf("train", set));
        return SetLoader.UtterancesOf(set)
            .Where(utterance => alignments.Contains(utterance.Id))
            .Sum(utterance => (long)alignments.TransitionsOf(utterance.Id).Length);
    }

    /// <summary>The frames of one worker's batch.</summary>
    /// <param name="batch">The unit and its numbers.</param>
    public static int Batch(BatchRecipe batch) => batch.Unit == BatchUnit.Chunks ? batch.Streams * batch.Chunk : batch.Frames;

    private static int Dim(Recipe recipe, CorpusSet train)
    {
        var plain = recipe.Features.Type == FeatureType.Given
            ? KaldiTables.Matrix.Read(train.Features ?? $"scp:{Path.Combine(train.Dir, "feats.scp")}").First().Value.Columns
            : FeatureSource.ExtractorOf(recipe.Features).Dimension;
        return plain * (1 + (recipe.Features.Deltas?.Order ?? 0));
    }

    private static CorpusSet TrainSet(Recipe recipe) =>
        recipe.Corpus.Train ?? throw new InputException("corpus.train: expected a set, there is none.");
}
