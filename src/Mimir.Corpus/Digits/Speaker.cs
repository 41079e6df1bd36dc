using Mimir.Base;
using Mimir.Corpus.Speech;

namespace Mimir.Corpus.Digits;

/// <summary>A speaker of the corpus: a voice variant with its own speed, pitch and vocal-tract length.</summary>
/// <param name="Id">The speaker's id in Kaldi's files.</param>
/// <param name="Voice">The variant with the usual speed and pitch.</param>
/// <param name="IsFemale">The gender in <c>spk2gender</c>.</param>
/// <param name="SourceRate">The assumed sample rate of the synthesiser's output, in hertz: above <see
/// cref="SpeechSynthesiser.SampleRate"/> for a shorter vocal tract, below for a longer one.</param>
internal sealed record Speaker(string Id, VoiceSettings Voice, bool IsFemale, int SourceRate)
{
    /// <summary>Source rates are multiples of this, so that resamplers have few phases.</summary>
    private const int RateStep = 50;

    /// <summary>Draws the speakers of a set; variants are used equally often.</summary>
    /// <param name="prefix">The prefix of their ids.</param>
    /// <param name="variants">The voices of the set.</param>
    /// <param name="count">The number of speakers.</param>
    /// <param name="random">The random numbers of the set.</param>
    public static IReadOnlyList<Speaker> Draw(
        string prefix, IReadOnlyList<Variant> variants, int count, SeededRandom random)
    {
        var speakers = new Speaker[count];
        for (var i = 0; i < count; i++)
        {
            var variant = variants[i % variants.Count];
            var rate = random.Between(145, 215);
            var tract = random.Between(0.93, 1.07);

            // A shorter vocal tract is a faster playback: speech is slowed and lowered beforehand.
            var voice = new VoiceSettings(
                variant.Name, (int)(rate / tract), (int)(random.Between(35, 65) - (60 * (tract - 1))), 30 + random.Below(45));
            var sourceRate = (int)Math.Round(SpeechSynthesiser.SampleRate * tract / RateStep) * RateStep;
            speakers[i] = new Speaker($"{prefix}{i + 1:D3}", voice, variant.IsFemale, sourceRate);
        }

        return speakers;
    }

    /// <summary>
    /// The settings of one utterance of this speaker: slightly varied speed and pitch, sometimes pauses between words.
    /// </summary>
    public VoiceSettings Speaking(SeededRandom random) => Voice with
    {
        Rate = (int)(Voice.Rate * random.Between(0.9, 1.1)),
        Pitch = Math.Clamp(Voice.Pitch + random.Below(9) - 4, 0, 99),
        WordGap = random.Chance(0.25) ? 1 + random.Below(4) : 0,
    };
}

/// <summary>A voice variant of espeak-ng; no variant is in two sets.</summary>
/// <param name="Name">The file's name in <c>espeak-ng-data/voices/!v</c>.</param>
/// <param name="IsFemale">True when the voice is a woman's.</param>
internal sealed record Variant(string Name, bool IsFemale = false)
{
    /// <summary>The voices of the training set.</summary>
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

    /// <summary>The voices of babble noise, which are in no set.</summary>
    public static readonly IReadOnlyList<Variant> Babble =
    [
        new("victor"), new("steph2", true), new("rob"), new("gustave"), new("zac", true), new("michel"), new("sandro"),
        new("paul"),
    ];
}
