using System.Runtime.InteropServices;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>The transition-ids and words of a path that are not yet on arcs of the result.</summary>
/// <param name="transitions">The transition-ids, from the begin of a phone.</param>
/// <param name="words">The words.</param>
internal sealed class PendingPath(int[] transitions, int[] words) : IEquatable<PendingPath>
{
    private readonly int _hash = Hash(transitions, words);

    public static PendingPath Empty { get; } = new([], []);

    public int[] Transitions { get; } = transitions;

    public int[] Words { get; } = words;

    public bool IsEmpty => Transitions.Length == 0 && Words.Length == 0;

    /// <summary>The path with one more arc.</summary>
    public PendingPath Advance(WordArc arc, bool withWord = true) =>
        new([.. Transitions, .. arc.Alignment], arc.Word != 0 && withWord ? [.. Words, arc.Word] : Words);

    /// <summary>The path without its first transition-ids and words.</summary>
    public PendingPath Without(int transitions, int words) => new(Transitions[transitions..], Words[Math.Min(words, Words.Length)..]);

    /// <summary>
    /// The index behind a phone that begins, or goes on, at an index: behind the transition to its end and, where self-loops follow
    /// those, behind its self-loops. -1 while it is not known, because the path ends there.
    /// </summary>
    /// <param name="from">The index.</param>
    /// <param name="model">The model.</param>
    /// <param name="reordered">True when self-loops follow the transition out of their state.</param>
    /// <param name="oneOnly">False when another phone begins before the end of the phone.</param>
    public int EndOfPhone(int from, TransitionModel model, bool reordered, out bool oneOnly)
    {
        oneOnly = true;
        if (from >= Transitions.Length)
            return -1;

        var phone = model.PhoneOf(Transitions[from]);
        var index = from;
        for (; index < Transitions.Length && !model.IsFinal(Transitions[index]); index++)
            oneOnly &= model.PhoneOf(Transitions[index]) == phone;

        if (index == Transitions.Length)
            return -1;

        oneOnly &= model.PhoneOf(Transitions[index]) == phone;
        index++;
        while (reordered && index < Transitions.Length && model.IsSelfLoop(Transitions[index]))
            index++;

        return index < Transitions.Length ? index : -1;
    }

    public bool Equals(PendingPath? other) => other is not null && _hash == other._hash
        && Transitions.AsSpan().SequenceEqual(other.Transitions) && Words.AsSpan().SequenceEqual(other.Words);

    public override bool Equals(object? obj) => Equals(obj as PendingPath);

    public override int GetHashCode() => _hash;

    private static int Hash(int[] transitions, int[] words)
    {
        var hash = default(HashCode);
        hash.AddBytes(MemoryMarshal.AsBytes(transitions.AsSpan()));
        hash.Add(transitions.Length);
        hash.AddBytes(MemoryMarshal.AsBytes(words.AsSpan()));
        return hash.ToHashCode();
    }
}
