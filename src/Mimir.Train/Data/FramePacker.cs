using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Core.Losses;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Data;

/// <summary>Lays the frames of a set one after another, with their targets where the set has them.</summary>
public static class FramePacker
{
    /// <summary>Packs a set.</summary>
    /// <param name="set">The set's name, for messages.</param>
    /// <param name="features">Its features.</param>
    /// <param name="targets">Returns the targets of an utterance's frames; null for a set of features alone.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="tolerance">See <see cref="LengthRule"/>.</param>
    /// <exception cref="InputException">A feature is not finite, a class is out of range, or dimensions differ.</exception>
    public static FrameCorpus Pack(
        string set, SetFeatures features, Func<string, UtteranceTargets>? targets, int classes, int tolerance)
    {
        var drops = new List<Drop>(features.Drops);
        var packed = new List<PackedUtterance>();
        var dim = features.Matrices.Length > 0 ? features.Matrices[0].Columns : 0;
        var excluded = 0;
        for (var utterance = 0; utterance < features.Matrices.Length; utterance++)
        {
            var id = features.Utterances[utterance].Id;
            var matrix = features.Matrices[utterance];
            CheckFinite(set, id, matrix, dim);
            if (targets is null)
                packed.Add(new(id, matrix, matrix.Rows, null));
            else if (targets(id) is var found && found.Drop is { } drop)
                drops.Add(drop);
            else if (found.Weight == 0)
                excluded++;
            else if (CommonLength(matrix, found, tolerance) is not { } frames)
                drops.Add(new(id, DropReason.LengthMismatch, Lengths(matrix, found)));
            else if (frames == 0)
                drops.Add(new(id, found.Posterior is null ? DropReason.NoAlignment : DropReason.NoTargets, "it has no frames of them"));
            else if (found.FrameWeights?.AsSpan(0, frames).ContainsAnyExcept(0f) == false)
                excluded++;
            else
                packed.Add(new(id, matrix, frames, Checked(set, id, found, classes)));
        }

        return Lay(packed, dim, targets is not null, new DropReport(set, features.Total - excluded, drops) { Excluded = excluded });
    }

    private static FrameCorpus Lay(List<PackedUtterance> packed, int dim, bool targeted, DropReport drops)
    {
        var frames = packed.Sum(entry => (long)entry.Frames);
        if (frames * dim > Array.MaxLength)
        {
            throw new InputException(
                $"set '{drops.Set}': {frames} frames of {dim} values are more than fit into memory as one table "
                + $"({Array.MaxLength} values); train on a part of it (corpus.{drops.Set}.utterances).");
        }

        var features = new float[frames * dim];
        var first = 0;
        foreach (var entry in packed)
        {
            entry.Matrix.Data.AsSpan(0, entry.Frames * dim).CopyTo(features.AsSpan(first * dim));
            first += entry.Frames;
        }

        var targets = targeted ? TargetPacker.Lay(packed) : null;
        return new([.. packed.Select(entry => entry.Id)], [.. packed.Select(entry => entry.Frames)], dim, features, targets, drops);
    }

    private static int? CommonLength(FloatMatrix matrix, UtteranceTargets targets, int tolerance) =>
        targets.FrameWeights is { } weights
            ? LengthRule.CommonLength(tolerance, matrix.Rows, targets.Frames, weights.Length)
            : LengthRule.CommonLength(tolerance, matrix.Rows, targets.Frames);

    private static string Lengths(FloatMatrix matrix, UtteranceTargets targets) =>
        $"{matrix.Rows} frames of features, {targets.Frames} of {(targets.Posterior is null ? "alignment" : "targets")}"
        + (targets.FrameWeights is { } weights ? $", {weights.Length} of weights" : "");

    /// <summary>Refuses features that are not finite, or not of the dimension of the set.</summary>
    internal static void CheckFinite(string set, string id, FloatMatrix matrix, int dim)
    {
        if (matrix.Columns != dim)
            throw new InputException($"set '{set}', utterance '{id}': {matrix.Columns} values in a frame, the first utterance has {dim}.");

        // A sum is finite when every value is, unless values are far beyond what features can be.
        if (float.IsFinite(TensorPrimitives.Sum<float>(matrix.Data)))
            return;

        var wrong = Array.FindIndex(matrix.Data, value => !float.IsFinite(value));
        if (wrong >= 0)
        {
            throw new InputException(
                $"set '{set}', utterance '{id}', frame {wrong / dim}, value {wrong % dim}: expected a finite feature, got "
                + $"{matrix.Data[wrong]}; make the features of this utterance again, or leave it out.");
        }
    }

    private static UtteranceTargets Checked(string set, string id, UtteranceTargets targets, int classes)
    {
        if (targets.Posterior is { } posterior)
        {
            for (var frame = 0; frame < posterior.Frames; frame++)
                CheckPairs($"set '{set}', utterance '{id}', frame {frame}", posterior, frame, classes);

            return targets;
        }

        var wrong = Array.FindIndex(targets.Classes ?? [], target => target < 0 || target >= classes);
        return wrong < 0
            ? targets
            : throw WrongClass(set, id, wrong, targets.Classes?[wrong] ?? 0, classes);
    }

    /// <summary>The error of a class that the model does not have.</summary>
    internal static InputException WrongClass(string set, string id, int frame, int got, int classes) => new(
        $"set '{set}', utterance '{id}', frame {frame}: expected a pdf-id from 0 to {classes - 1}, got {got}; the model has too few "
        + "outputs, or the alignments are of another tree.");

    private static void CheckPairs(string place, Posterior posterior, int frame, int classes)
    {
        foreach (var index in posterior.Indices(frame))
        {
            if (index < 0 || index >= classes)
            {
                throw new InputException(
                    $"{place}: expected a pdf-id from 0 to {classes - 1}, got {index}; the model has too few outputs, or the "
                    + "posteriors are of transition-ids (mimir kaldi post-to-pdf-post).");
            }
        }

        foreach (var weight in posterior.Weights(frame))
        {
            if (weight < 0)
            {
                throw new InputException(
                    $"{place}: expected a share from 0, got {weight}; posteriors of discriminative training are no targets of "
                    + "cross-entropy.");
            }
        }
    }
}

/// <summary>An utterance that takes part.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Matrix">Its features.</param>
/// <param name="Frames">The number of its frames that take part, from the first.</param>
/// <param name="Targets">Their targets, or null for features alone.</param>
internal sealed record PackedUtterance(string Id, FloatMatrix Matrix, int Frames, UtteranceTargets? Targets);

/// <summary>Lays the targets of utterances one after another.</summary>
internal static class TargetPacker
{
    public static FrameTargets Lay(IReadOnlyList<PackedUtterance> packed)
    {
        var weights = packed.Any(entry => entry.Targets is { FrameWeights: not null } or { Weight: not 1 })
            ? packed.SelectMany(WeightsOf).ToArray()
            : null;
        if (packed.All(entry => entry.Targets?.Posterior is null))
            return FrameTargets.FromClasses([.. packed.SelectMany(entry => (entry.Targets?.Classes ?? []).Take(entry.Frames))], weights);

        var targets = new SoftTargetsBuilder();
        foreach (var entry in packed)
        {
            for (var frame = 0; frame < entry.Frames && entry.Targets?.Posterior is { } posterior; frame++)
                targets.AddFrame(posterior.Indices(frame), posterior.Weights(frame));
        }

        return FrameTargets.FromShares(targets.Build(), weights);
    }

    private static IEnumerable<float> WeightsOf(PackedUtterance entry)
    {
        var weight = entry.Targets?.Weight ?? 1;
        return entry.Targets?.FrameWeights is { } frames
            ? frames.Take(entry.Frames).Select(frame => frame * weight)
            : Enumerable.Repeat(weight, entry.Frames);
    }
}

/// <summary>Kaldi's rule for features, targets and weights that do not have the same number of frames.</summary>
public static class LengthRule
{
    /// <summary>The frames of an utterance that can be used.</summary>
    /// <param name="tolerance">A difference below this cuts the longer ones; this much or more drops the utterance.</param>
    /// <param name="lengths">The frames of its features, of its targets, and of its weights where it has them.</param>
    /// <returns>The common length, or null when the utterance is to be dropped.</returns>
    public static int? CommonLength(int tolerance, params ReadOnlySpan<int> lengths)
    {
        var (least, most) = (lengths[0], lengths[0]);
        foreach (var length in lengths)
            (least, most) = (Math.Min(least, length), Math.Max(most, length));

        return least == most || most - least < tolerance ? least : null;
    }
}
