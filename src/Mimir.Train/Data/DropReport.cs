using System.Globalization;
using Mimir.Base;

namespace Mimir.Train.Data;

/// <summary>The utterances that a set lost while it was read.</summary>
/// <param name="Set">The set's name.</param>
/// <param name="Total">The utterances that were asked for, without those that are left out on purpose.</param>
/// <param name="Drops">Those that take no part, in the set's order.</param>
public sealed record DropReport(string Set, int Total, IReadOnlyList<Drop> Drops)
{
    /// <summary>Gets the utterances that a weight of 0 leaves out, on purpose; they are not part of <see cref="Total"/>.</summary>
    public int Excluded { get; init; }

    /// <summary>The utterances whose features cannot be trained on.</summary>
    internal IEnumerable<Drop> Quarantined => Drops.Where(drop => drop.Reason is DropReason.NotFinite or DropReason.Absurd);

    /// <summary>Refuses a set that lost too much to be trusted, or everything.</summary>
    /// <param name="maxShare">The largest share of utterances that may be lost, from 0 to 1.</param>
    /// <exception cref="InputException">More is lost; the message counts the reasons, with an example of each.</exception>
    public void Check(double maxShare)
    {
        if (Total == 0 && Excluded > 0)
            throw new InputException($"set '{Set}': all {Excluded} utterances have the weight 0; nothing is left.");
        if (Total == 0)
            throw new InputException($"set '{Set}': no utterances; check its data directory and its list of utterances.");

        if (Drops.Count == Total || Drops.Count > maxShare * Total)
        {
            var allowed = (100 * maxShare).ToString("0.##", CultureInfo.InvariantCulture);
            throw new InputException(
                $"set '{Set}': {this} At most {allowed}% may be dropped (train.max-dropped): mend the data, or allow more.");
        }
    }

    /// <summary>One line: how many of how many, and each reason with its first utterance.</summary>
    public override string ToString()
    {
        var reasons = Drops
            .GroupBy(drop => drop.Reason)
            .OrderByDescending(group => group.Count())
            .Select(group => $"{group.Count()} {Words(group.Key)} (first {group.First().Utterance}: {group.First().Detail})");
        return $"{Drops.Count} of {Total} utterances dropped: {string.Join("; ", reasons)}.";
    }

    /// <summary>A reason in words, after a number of utterances.</summary>
    internal static string Words(DropReason reason) => reason switch
    {
        DropReason.BadAudio => "with audio that cannot be used",
        DropReason.NoFeatures => "without features",
        DropReason.TooShort => "shorter than a frame",
        DropReason.NoAlignment => "without an alignment",
        DropReason.NoTargets => "without targets",
        DropReason.NoWeights => "without weights",
        DropReason.NotFinite => "with features that are not finite",
        DropReason.Absurd => "with features of an absurd magnitude",
        _ => "whose features and alignment differ in length",
    };
}

/// <summary>An utterance that is left out.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">The circumstances, for people.</param>
public sealed record Drop(string Utterance, DropReason Reason, string Detail);

/// <summary>The reason why an utterance is left out of a run.</summary>
public enum DropReason
{
    /// <summary>Its audio is missing or cannot be read, or is of another sample rate than the features are made for.</summary>
    BadAudio,

    /// <summary>The table of given features does not have it.</summary>
    NoFeatures,

    /// <summary>It is too short for a single frame.</summary>
    TooShort,

    /// <summary>It has no alignment: the aligner found no path through it.</summary>
    NoAlignment,

    /// <summary>Features and alignment, targets or weights differ in length by the tolerance or more.</summary>
    LengthMismatch,

    /// <summary>The table of targets does not have it.</summary>
    NoTargets,

    /// <summary>A table of weights does not have it.</summary>
    NoWeights,

    /// <summary>A feature of it is NaN or infinite.</summary>
    NotFinite,

    /// <summary>A feature of it is far beyond those of the other utterances.</summary>
    Absurd,
}
