using Mimir.Base;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Alignments;

/// <summary>Options of converting alignments to another model (Kaldi: those of convert-ali).</summary>
public sealed record AlignmentConversion
{
    /// <summary>Another number for each phone; null keeps them.</summary>
    public IReadOnlyDictionary<int, int>? PhoneMap { get; init; }

    /// <summary>The number of frames that become one.</summary>
    public int Subsampling { get; init; } = 1;

    /// <summary>True where the frames that became one are repeated, so that the length is the same.</summary>
    public bool RepeatFrames { get; init; }

    /// <summary>True where self-loops come after the arc that leaves their state, as in Kaldi's usual graphs.</summary>
    public bool Reorder { get; init; } = true;
}

/// <summary>Converts alignments from one model and tree to another (Kaldi: convert-ali).</summary>
/// <param name="from">The model of the alignments.</param>
/// <param name="to">The model that they shall have.</param>
/// <param name="tree">The tree of that model.</param>
/// <param name="conversion">How they are converted; null for the defaults.</param>
/// <remarks>
/// Each phone keeps its frames and the states of its HMM, and takes the distributions that the tree has for its neighbours. Where the
/// topology of a phone or its length is another, a path of the same length through its HMM is drawn; the draws depend on the frame alone.
/// </remarks>
public sealed class AlignmentConverter(
    TransitionModel from, TransitionModel to, ContextDependency tree, AlignmentConversion? conversion = null)
{
    private readonly AlignmentConversion _conversion = conversion ?? new AlignmentConversion();

    /// <summary>Converts an alignment.</summary>
    /// <param name="alignment">The transition-ids, <c>[T]</c>.</param>
    /// <returns>The new transition-ids; null where the alignment ends within a phone, or the frames are too few for the phones.</returns>
    /// <exception cref="InputException">A phone is not in the map, or the tree and the new model do not have its states.</exception>
    public int[]? Convert(ReadOnlySpan<int> alignment)
    {
        var segments = PhoneSegment.Split(alignment, from);
        if (!PhoneSegment.AreWhole(segments, alignment, from))
            return null;

        int[] phones = [.. segments.Select(segment => Map(segment.Phone))];
        var factor = _conversion.Subsampling;
        if (!_conversion.RepeatFrames || factor == 1)
            return Convert(alignment, segments, phones, factor - 1);

        // The alignments of all beginnings, one frame of each in turn.
        var shifted = new int[factor][];
        for (var shift = 0; shift < factor; shift++)
        {
            if (Convert(alignment, segments, phones, shift) is not { } converted)
                return null;

            shifted[shift] = converted;
        }

        var repeated = new int[alignment.Length];
        for (var (frame, next) = (0, 0); next < repeated.Length; frame++)
        {
            for (var shift = factor - 1; shift >= 0; shift--)
            {
                if (frame < shifted[shift].Length)
                    repeated[next++] = shifted[shift][frame];
            }
        }

        return repeated;
    }

    private int Map(int phone) => _conversion.PhoneMap is not { } map ? phone
        : map.TryGetValue(phone, out var mapped) ? mapped
        : throw new InputException($"phone {phone} is not in the map of phones (--phone-map).");

    private int[]? Convert(ReadOnlySpan<int> alignment, IReadOnlyList<PhoneSegment> segments, int[] phones, int shift)
    {
        int[] lengths = [.. segments.Select(segment => segment.Frames)];
        if (!Resample(lengths, phones, shift))
            return null;

        var reordered = PhoneSegment.IsReordered(alignment, from);
        var converted = new int[lengths.Sum()];
        var (start, target) = (0, 0);
        for (var index = 0; index < segments.Count; index++)
        {
            var window = new int[tree.ContextWidth];
            for (var place = 0; place < window.Length; place++)
            {
                var neighbour = index - tree.CentralPosition + place;
                window[place] = neighbour >= 0 && neighbour < phones.Length ? phones[neighbour] : 0;
            }

            var old = alignment.Slice(start, segments[index].Frames);
            var phone = converted.AsSpan(target, lengths[index]);
            if (phone.Length == old.Length && from.Topology.EntryOf(segments[index].Phone).HasStatesOf(to.Topology.EntryOf(phones[index])))
            {
                Transfer(old, phone, window);
                if (reordered != _conversion.Reorder)
                    ChangeOrder(phone);
            }
            else
            {
                RandomPaths.Draw(phone, phones[index], to.Topology, (state, arc) => IdOf(window, state, arc), seed: target);
                if (_conversion.Reorder)
                    ChangeOrder(phone);
            }

            (start, target) = (start + old.Length, target + phone.Length);
        }

        return converted;
    }

    private void Transfer(ReadOnlySpan<int> old, Span<int> converted, int[] window)
    {
        for (var frame = 0; frame < old.Length; frame++)
            converted[frame] = IdOf(window, from.HmmStateOf(old[frame]), from.TransitionIndexOf(old[frame]));
    }

    private int IdOf(int[] window, int hmmState, int arc)
    {
        var phone = window[tree.CentralPosition];
        var state = to.Topology.EntryOf(phone).States[hmmState];
        var forward = PdfOf(state.ForwardPdfClass);
        var selfLoop = state.SelfLoopPdfClass == state.ForwardPdfClass ? forward : PdfOf(state.SelfLoopPdfClass);
        var tuple = to.IndexOf(new TransitionTuple(phone, hmmState, forward, selfLoop));
        return tuple >= 0 ? to.TransitionIdOf(tuple, arc) : throw new InputException(
            $"the model has no state {hmmState} of phone {phone} with distribution {forward}; are the tree and the model of one training?");

        int PdfOf(int pdfClass) => tree.PdfOf(window, pdfClass) ?? throw new InputException(
            $"the tree has no distribution for the phones {string.Join(' ', window)}; is it the tree of the model?");
    }

    // The bounds of the phones at the new rate; a phone that is too short takes frames from the nearest that can spare one.
    private bool Resample(int[] lengths, int[] phones, int shift)
    {
        int[] shortest = [.. phones.Select(to.Topology.ShortestLengthOf)];
        var time = shift;
        for (var index = 0; index < lengths.Length; index++)
        {
            var begin = time / _conversion.Subsampling;
            time += lengths[index];
            lengths[index] = (time / _conversion.Subsampling) - begin;
        }

        if (lengths.Sum() < shortest.Sum())
            return false;

        for (var changed = true; changed;)
        {
            changed = false;
            for (var index = 0; index < lengths.Length; index++)
            {
                if (lengths[index] >= shortest[index])
                    continue;

                var (left, leftDistance) = Spare(index, -1);
                var (right, rightDistance) = Spare(index, 1);
                lengths[index]++;
                lengths[left >= 0 && (right < 0 || leftDistance <= rightDistance) ? left : right]--;
                changed = true;
            }
        }

        return true;

        (int Index, int Distance) Spare(int index, int step)
        {
            var distance = 0;
            for (var other = index + step; other >= 0 && other < lengths.Length; other += step)
            {
                if (lengths[other] > shortest[other])
                    return (other, distance);

                distance += lengths[other];
            }

            return (-1, 0);
        }
    }

    // Moves the arc that leaves a state from behind its self-loops to before them, or back.
    private void ChangeOrder(Span<int> phone)
    {
        for (var start = 0; start < phone.Length;)
        {
            var leavesFirst = !to.IsSelfLoop(phone[start]);
            var end = start + 1;
            while (end < phone.Length && to.TupleOf(phone[end]) == to.TupleOf(phone[start]))
            {
                if (!to.IsSelfLoop(phone[end]))
                {
                    if (!leavesFirst)
                        end++;

                    break;
                }

                end++;
            }

            (phone[start], phone[end - 1]) = (phone[end - 1], phone[start]);
            start = end;
        }
    }
}
