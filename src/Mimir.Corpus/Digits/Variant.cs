namespace Mimir.Corpus.Digits;

/// <summary>A voice variant of espeak-ng; no variant serves two parts of the corpus.</summary>
/// <param name="Name">The file's name in <c>espeak-ng-data/voices/!v</c>.</param>
/// <param name="IsFemale">Whether the voice is a woman's.</param>
internal sealed record Variant(string Name, bool IsFemale = false)
{
    /// <summary>The voices to train on.</summary>
    public static readonly IReadOnlyList<Variant> Train =
    [
        new("m1"), new("f1", true), new("m3"), new("f3", true), new("m5"), new("f5", true), new("m7"), new("Annie", true),
        new("Mike"), new("steph", true), new("Nguyen"), new("belinda", true), new("klatt"), new("Alicia", true),
        new("klatt2"), new("shelby", true), new("adam"), new("quincy"), new("Gene"), new("boris"),
    ];

    /// <summary>The voices of the development set.</summary>
    public static readonly IReadOnlyList<Variant> Dev =
        [new("m2"), new("f4", true), new("Michael"), new("aunty", true), new("Denis"), new("Jacky")];

    /// <summary>The voices of the test set.</summary>
    public static readonly IReadOnlyList<Variant> Test =
    [
        new("m4"), new("f2", true), new("m6"), new("grandma", true), new("m8"), new("pablo"), new("ed"), new("edward"),
        new("Diogo"), new("robert"),
    ];

    /// <summary>The voices of babble noise, which are nobody's.</summary>
    public static readonly IReadOnlyList<Variant> Babble =
    [
        new("victor"), new("steph2", true), new("rob"), new("gustave"), new("zac", true), new("michel"), new("sandro"),
        new("paul"),
    ];
}
