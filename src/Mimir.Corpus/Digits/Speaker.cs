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
        string prefix, IReadOnlyList<Variant> variants, int count, RandomStream random)
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
    public VoiceSettings Speaking(RandomStream random) => Voice with
    {
        Rate = (int)(Voice.Rate * random.Between(0.9, 1.1)),
        Pitch = Math.Clamp(Voice.Pitch + random.Below(9) - 4, 0, 99),
        WordGap = random.Chance(0.25) ? 1 + random.Below(4) : 0,
    };
}
