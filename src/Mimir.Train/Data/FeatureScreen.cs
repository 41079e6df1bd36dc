using System.Numerics.Tensors;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Data;

/// <summary>Finds utterances whose features cannot be trained on: values that are not finite, or of an absurd magnitude.</summary>
/// <remarks>Before normalisation, where one such utterance spoils the statistics of its speaker and of the whole set.</remarks>
internal static class FeatureScreen
{
    /// <summary>Takes the utterances out of a set that are not fit.</summary>
    /// <param name="features">The features of a set.</param>
    /// <param name="magnitude">See <see cref="Recipes.QuarantineRecipe.Magnitude"/>.</param>
    public static SetFeatures Apply(SetFeatures features, double magnitude)
    {
        var largest = Array.ConvertAll(features.Matrices, LargestOf);
        float[] finite = [.. largest.Where(float.IsFinite).Order()];
        var usual = finite.Length == 0 ? 0 : finite[finite.Length / 2];
        var drops = new Drop?[largest.Length];
        for (var utterance = 0; utterance < largest.Length; utterance++)
        {
            var id = features.Utterances[utterance].Id;
            if (!float.IsFinite(largest[utterance]))
                drops[utterance] = new(id, DropReason.NotFinite, PlaceOf(features.Matrices[utterance]));
            else if (magnitude > 0 && usual > 0 && largest[utterance] > magnitude * usual)
            {
                var values = FormattableString.Invariant($"a value of {largest[utterance]:G4}, where {usual:G4} is usual");
                drops[utterance] = new(id, DropReason.Absurd, values);
            }
        }

        if (Array.TrueForAll(drops, drop => drop is null))
            return features;

        int[] kept = [.. Enumerable.Range(0, drops.Length).Where(utterance => drops[utterance] is null)];
        return features with
        {
            Utterances = [.. kept.Select(utterance => features.Utterances[utterance])],
            Matrices = [.. kept.Select(utterance => features.Matrices[utterance])],
            Drops = [.. features.Drops, .. drops.OfType<Drop>()],
        };
    }

    // NaN where there is one.
    private static float LargestOf(FloatMatrix matrix) =>
        matrix.Data.Length == 0 ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude<float>(matrix.Data));

    private static string PlaceOf(FloatMatrix matrix)
    {
        var wrong = Array.FindIndex(matrix.Data, value => !float.IsFinite(value));
        return FormattableString.Invariant($"frame {wrong / matrix.Columns}, value {wrong % matrix.Columns} is {matrix.Data[wrong]}");
    }
}
