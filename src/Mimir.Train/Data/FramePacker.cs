using System.Numerics.Tensors;
using Mimir.Features.Matrices;

namespace Mimir.Train.Data;

/// <summary>Lays the frames of a set one after another, with the class of each where there are alignments.</summary>
public static class FramePacker
{
    /// <summary>Packs a set.</summary>
    /// <param name="set">The set's name, for messages.</param>
    /// <param name="features">Its features.</param>
    /// <param name="alignment">Gives the classes of an utterance's frames, or null when it has none; null for no classes.</param>
    /// <param name="classes">The number of classes that the model tells apart.</param>
    /// <param name="tolerance">See <see cref="LengthRule"/>.</param>
    /// <exception cref="FormatException">A feature is not finite, a class is out of range, or dimensions differ.</exception>
    public static FrameCorpus Pack(
        string set, SetFeatures features, Func<string, int[]?>? alignment, int classes, int tolerance)
    {
        var drops = new List<Drop>(features.Drops);
        var packed = new List<(string Id, FloatMatrix Matrix, int Frames, int[] Targets)>();
        var dim = features.Matrices.Length > 0 ? features.Matrices[0].Columns : 0;
        for (var utterance = 0; utterance < features.Matrices.Length; utterance++)
        {
            var id = features.Utterances[utterance].Id;
            var matrix = features.Matrices[utterance];
            CheckFinite(set, id, matrix, dim);
            if (alignment is null)
                packed.Add((id, matrix, matrix.Rows, []));
            else if (alignment(id) is not { } targets)
                drops.Add(new(id, DropReason.NoAlignment, "it is not in the alignments"));
            else if (LengthRule.CommonLength(matrix.Rows, targets.Length, tolerance) is not { } frames)
                drops.Add(new(id, DropReason.LengthMismatch, $"{matrix.Rows} frames of features, {targets.Length} of alignment"));
            else if (frames > 0)
                packed.Add((id, matrix, frames, CheckClasses(set, id, targets, classes)));
            else
                drops.Add(new(id, DropReason.NoAlignment, "its alignment is empty"));
        }

        return Lay(packed, dim, alignment is not null, new DropReport(set, features.Total, drops));
    }

    private static FrameCorpus Lay(
        List<(string Id, FloatMatrix Matrix, int Frames, int[] Targets)> packed, int dim, bool aligned, DropReport drops)
    {
        var frames = packed.Sum(entry => (long)entry.Frames);
        if (frames * dim > Array.MaxLength)
        {
            throw new FormatException(
                $"set '{drops.Set}': {frames} frames of {dim} values are more than fit into memory as one table "
                + $"({Array.MaxLength} values); train on a part of it (corpus.{drops.Set}.utterances).");
        }

        var features = new float[frames * dim];
        var targets = new int[aligned ? frames : 0];
        var first = 0;
        foreach (var entry in packed)
        {
            entry.Matrix.Data.AsSpan(0, entry.Frames * dim).CopyTo(features.AsSpan(first * dim));
            if (aligned)
                entry.Targets.AsSpan(0, entry.Frames).CopyTo(targets.AsSpan(first));
            first += entry.Frames;
        }

        return new([.. packed.Select(entry => entry.Id)], [.. packed.Select(entry => entry.Frames)], dim, features, targets, drops);
    }

    private static void CheckFinite(string set, string id, FloatMatrix matrix, int dim)
    {
        if (matrix.Columns != dim)
            throw new FormatException($"set '{set}', utterance '{id}': {matrix.Columns} values in a frame, the first utterance has {dim}.");

        // A sum is finite when every value is, unless values are far beyond what features can be.
        if (float.IsFinite(TensorPrimitives.Sum<float>(matrix.Data)))
            return;

        var wrong = Array.FindIndex(matrix.Data, value => !float.IsFinite(value));
        if (wrong >= 0)
        {
            throw new FormatException(
                $"set '{set}', utterance '{id}', frame {wrong / dim}, value {wrong % dim}: expected a finite feature, got "
                + $"{matrix.Data[wrong]}; make the features of this utterance again, or leave it out.");
        }
    }

    private static int[] CheckClasses(string set, string id, int[] targets, int classes)
    {
        var wrong = Array.FindIndex(targets, target => target < 0 || target >= classes);
        return wrong < 0
            ? targets
            : throw new FormatException(
                $"set '{set}', utterance '{id}', frame {wrong}: expected a pdf-id from 0 to {classes - 1}, got {targets[wrong]}; "
                + "the model has too few outputs, or the alignments are of another tree.");
    }
}
