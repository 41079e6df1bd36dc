using Mimir.Base;
using Mimir.Corpus.Sound;
using Mimir.Corpus.Speech;

namespace Mimir.Corpus.Digits;

/// <summary>One person of the corpus: a voice variant with habits of its own.</summary>
/// <param name="Id">The speaker's name in Kaldi's files.</param>
/// <param name="Voice">The variant with the usual speed and pitch.</param>
/// <param name="IsFemale">What <c>spk2gender</c> says.</param>
/// <param name="SourceRate">
/// The rate at which the samples are taken to be, in hertz: above <see cref="SpeechSynthesiser.SampleRate"/> for a shorter
/// vocal tract, below for a longer one.
/// </param>
internal sealed record Speaker(string Id, VoiceSettings Voice, bool IsFemale, int SourceRate)
{
    /// <summary>The source rate is a multiple of this, so that few phases of the resampler serve all speakers.</summary>
    private const int RateStep = 50;

    /// <summary>Makes the speakers of one part of the corpus; each variant comes as often as the others.</summary>
    /// <param name="prefix">The start of their names.</param>
    /// <param name="variants">The voices of this part.</param>
    /// <param name="count">How many speakers.</param>
    /// <param name="random">The random numbers of this part.</param>
    public static IReadOnlyList<Speaker> Draw(
        string prefix, IReadOnlyList<Variant> variants, int count, SeededRandom random)
    {
        var speakers = new Speaker[count];
        for (var i = 0; i < count; i++)
        {
            var variant = variants[i % variants.Count];
            var rate = random.Between(145, 215);
            var tract = random.Between(0.93, 1.07);

            // A shorter tract is a faster playback: the speech is slowed and lowered beforehand.
            var voice = new VoiceSettings(
                variant.Name, (int)(rate / tract), (int)(random.Between(35, 65) - (60 * (tract - 1))), 30 + random.Below(45));
            var sourceRate = (int)Math.Round(SpeechSynthesiser.SampleRate * tract / RateStep) * RateStep;
            speakers[i] = new Speaker($"{prefix}{i + 1:D3}", voice, variant.IsFemale, sourceRate);
        }

        return speakers;
    }

    /// <summary>How this speaker says one utterance: a little faster or slower than usual, sometimes word by word.</summary>
    public VoiceSettings Speaking(SeededRandom random) => Voice with
    {
        Rate = (int)(Voice.Rate * random.Between(0.9, 1.1)),
        Pitch = Math.Clamp(Voice.Pitch + random.Below(9) - 4, 0, 99),
        WordGap = random.Chance(0.25) ? 1 + random.Below(4) : 0,
    };
}

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
