using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Mimir.Train.Data;

namespace Mimir.Train.Distribution;

/// <summary>The marks of an utterance in memory that workers compare.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Frames">Its frames.</param>
/// <param name="Targets">A hash of its targets and of the weights of its frames.</param>
/// <param name="Features">Its features.</param>
internal readonly record struct UtteranceMark(string Id, int Frames, ulong Targets, ValuesMark Features)
{
    // So many utterances, spread over the set, are marked by their targets and features; the others by their length.
    private const int MarkedUtterances = 20_000;

    /// <summary>The marks of all utterances of a set, in its order.</summary>
    /// <param name="corpus">The set.</param>
    public static UtteranceMark[] Of(IFrameSet corpus)
    {
        var marks = new UtteranceMark[corpus.Utterances.Count];
        var step = 1 + ((marks.Length - 1) / MarkedUtterances);
        Parallel.For(0, marks.Length, utterance => marks[utterance] = new(
            corpus.Utterances[utterance],
            corpus.Lengths[utterance],
            utterance % step > 0 ? 0 : HashOf(corpus.Targets, corpus.FirstFrame(utterance), corpus.Lengths[utterance]),
            utterance % step > 0 ? default : ValuesMark.Of(corpus.FeaturesOf(utterance))));
        return marks;
    }

    /// <summary>The difference of the same utterance on another worker, as "has …"; null when there is none.</summary>
    /// <param name="other">The other worker's.</param>
    public string? Difference(UtteranceMark other) => this switch
    {
        _ when Frames != other.Frames => FormattableString.Invariant($"has {other.Frames} frames of {Id}, not {Frames}"),
        _ when Targets != other.Targets => $"has other targets of {Id}",
        _ when !Features.IsLike(other.Features) => $"has other features of {Id}",
        _ => null,
    };

    private static ulong HashOf(FrameTargets? targets, int first, int frames)
    {
        if (targets is null)
            return 0;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (targets.Soft is { } soft)
        {
            var offsets = soft.Offsets.Slice(first, frames + 1);
            foreach (var offset in offsets)
                hash.AppendData(BitConverter.GetBytes(offset - offsets[0]));
            hash.AppendData(MemoryMarshal.AsBytes(soft.Classes[offsets[0]..offsets[^1]]));
            hash.AppendData(MemoryMarshal.AsBytes(soft.Weights[offsets[0]..offsets[^1]]));
        }
        else
        {
            var classes = new int[frames];
            targets.CopyClasses([.. Enumerable.Range(first, frames)], classes);
            hash.AppendData(MemoryMarshal.AsBytes(classes));
        }

        if (!targets.Weights.IsEmpty)
            hash.AppendData(MemoryMarshal.AsBytes(targets.Weights.Slice(first, frames)));
        return BitConverter.ToUInt64(hash.GetHashAndReset());
    }
}

/// <summary>A mark of many values that other processors may compute to other last digits, for workers to compare.</summary>
/// <param name="Count">Their number.</param>
/// <param name="Size">The mean of their absolute values.</param>
/// <param name="Pattern">Their sum with signs by place, in units of the sum of their absolute values.</param>
internal readonly record struct ValuesMark(int Count, double Size, double Pattern)
{
    private const double Tolerance = 1e-3;

    /// <summary>The mark of some values.</summary>
    public static ValuesMark Of(ReadOnlySpan<float> values)
    {
        var (sum, signed) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            sum += Math.Abs(values[i]);

            // Signs that no period of a signal follows.
            signed += (BitOperations.PopCount((uint)i * 2654435761u) & 1) == 0 ? values[i] : -values[i];
        }

        return new(values.Length, values.Length == 0 ? 0 : sum / values.Length, sum > 0 ? signed / sum : 0);
    }

    /// <summary>True when both are of the same values but for rounding.</summary>
    public bool IsLike(ValuesMark other) =>
        Count == other.Count
        && Math.Abs(Size - other.Size) <= Tolerance * Math.Max(Size, other.Size)
        && Math.Abs(Pattern - other.Pattern) <= Tolerance;
}
