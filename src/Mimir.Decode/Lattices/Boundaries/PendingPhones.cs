namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>The addition of the last step of a path, so that no phones are tried twice for a word.</summary>
internal enum Freshness
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The last phone, or the first word.</summary>
    Last,

    /// <summary>The begin of the phones: all beginnings are new.</summary>
    All,
}

/// <summary>The phones and words of a path that are not yet on arcs of the result.</summary>
internal sealed record PendingPhones(int[][] Frames, int[] Phones, int[] Words, Freshness PhoneFreshness, bool WordIsFresh)
    : IEquatable<PendingPhones>
{
    public static PendingPhones Empty { get; } = new([], [], [], Freshness.None, false);

    public bool IsEmpty => Frames.Length == 0 && Words.Length == 0;

    /// <summary>The path with one more arc, which has at most one phone.</summary>
    public PendingPhones Advance(WordArc arc, int phone) => new(
        phone == 0 ? Frames : [.. Frames, arc.Alignment],
        phone == 0 ? Phones : [.. Phones, phone],
        arc.Word == 0 ? Words : [.. Words, arc.Word],
        phone == 0 ? Freshness.None : Freshness.Last,
        arc.Word != 0 && Words.Length == 0);

    /// <summary>The path without its first phones and, if it was taken, its first word.</summary>
    public PendingPhones Without(int phones, bool word)
    {
        var (restPhones, restWords) = (Phones[phones..], word ? Words[1..] : Words);

        // A word without phones leaves the phones to be tried again, for a silence.
        var fresh = restPhones.Length > 0 && (phones > 0 || word);
        return new(Frames[phones..], restPhones, restWords, fresh ? Freshness.All : Freshness.None, word && restWords.Length > 0);
    }

    public bool Equals(PendingPhones? other) =>
        other is not null && PhoneFreshness == other.PhoneFreshness && WordIsFresh == other.WordIsFresh
        && Words.AsSpan().SequenceEqual(other.Words) && Frames.Length == other.Frames.Length
        && Frames.Zip(other.Frames).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(PhoneFreshness);
        hash.Add(WordIsFresh);
        foreach (var word in Words)
            hash.Add(word);

        foreach (var frames in Frames)
        {
            hash.Add(frames.Length);
            hash.Add(frames.Length > 0 ? frames[0] : 0);
        }

        foreach (var phone in Phones)
            hash.Add(phone);

        return hash.ToHashCode();
    }
}
