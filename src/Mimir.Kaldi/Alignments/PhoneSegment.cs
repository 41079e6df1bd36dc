namespace Mimir.Kaldi.Alignments;

/// <summary>A phone of an aligned utterance.</summary>
/// <param name="Phone">The phone.</param>
/// <param name="Frames">Its length in frames.</param>
public readonly record struct PhoneSegment(int Phone, int Frames)
{
    /// <summary>
    /// Finds the phones in a sequence of transition-ids. A phone ends with the arc to its final state; where self-loops follow the
    /// arc that leaves (Kaldi's reordering, the usual case) the state's self-loops still belong to it.
    /// </summary>
    /// <param name="transitions">The transition-ids, <c>[T]</c>.</param>
    /// <param name="model">The model of the transition-ids.</param>
    public static IReadOnlyList<PhoneSegment> Split(ReadOnlySpan<int> transitions, TransitionModel model)
    {
        var segments = new List<PhoneSegment>();
        var reordered = IsReordered(transitions, model);
        for (var (start, frame) = (0, 0); frame < transitions.Length; frame++)
        {
            if (model.IsFinal(transitions[frame]))
            {
                // Reordered: the self-loops behind the final arc belong to the phone that it ends.
                while (reordered && frame + 1 < transitions.Length && SharesState(transitions, frame, model)
                    && model.IsSelfLoop(transitions[frame + 1]))
                    frame++;
            }
            else if (frame + 1 < transitions.Length && model.PhoneOf(transitions[frame]) == model.PhoneOf(transitions[frame + 1]))
            {
                continue;
            }

            segments.Add(new PhoneSegment(model.PhoneOf(transitions[frame]), frame + 1 - start));
            start = frame + 1;
        }

        return segments;
    }

    /// <summary>Tests that each phone of an alignment begins with its first state and ends with an arc to its end.</summary>
    /// <param name="segments">The phones of <see cref="Split"/>.</param>
    /// <param name="transitions">The transition-ids, <c>[T]</c>.</param>
    /// <param name="model">The model of the transition-ids.</param>
    public static bool AreWhole(IReadOnlyList<PhoneSegment> segments, ReadOnlySpan<int> transitions, TransitionModel model)
    {
        var start = 0;
        foreach (var segment in segments)
        {
            // The arc to the end is the last one before any reordered self-loops.
            var last = start + segment.Frames - 1;
            while (last > start && !model.IsFinal(transitions[last]) && model.IsSelfLoop(transitions[last]))
                last--;

            if (!model.IsFinal(transitions[last]) || (model.HmmStateOf(transitions[start]) != 0
                && model.Topology.EntryOf(segment.Phone).States[0].ForwardPdfClass >= 0))
                return false;

            start += segment.Frames;
        }

        return true;
    }

    private static bool SharesState(ReadOnlySpan<int> transitions, int frame, TransitionModel model) =>
        model.TupleOf(transitions[frame]) == model.TupleOf(transitions[frame + 1]);

    /// <summary>Tests for an alignment whose self-loops come after the arc that leaves their state (Kaldi: --reorder of graphs).</summary>
    internal static bool IsReordered(ReadOnlySpan<int> transitions, TransitionModel model)
    {
        for (var frame = 0; frame + 1 < transitions.Length; frame++)
        {
            if (SharesState(transitions, frame, model))
                continue;
            if (model.IsSelfLoop(transitions[frame]))
                return true;
            if (model.IsSelfLoop(transitions[frame + 1]))
                return false;
        }

        return transitions.Length > 0 && !model.IsSelfLoop(transitions[0]) && model.IsSelfLoop(transitions[^1]);
    }
}
