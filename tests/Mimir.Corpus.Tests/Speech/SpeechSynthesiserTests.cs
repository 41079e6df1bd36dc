using Mimir.Corpus.Digits;
using Mimir.Corpus.Speech;
using Mimir.Corpus.Tests.Support;

namespace Mimir.Corpus.Tests.Speech;

public class SpeechSynthesiserTests
{
    [EspeakFact]
    public void Speak_repeats_itself_in_a_new_object()
    {
        static List<short[]> Speak()
        {
            using var synthesiser = new SpeechSynthesiser();
            return [.. new[] { "m1", "f5", "klatt4" }.Select(voice =>
                synthesiser.Speak("qi1 ba1 jiu3", new VoiceSettings(voice), 7).Samples)];
        }

        Assert.Equal(Speak(), Speak());
    }

    [EspeakFact]
    public void Speak_has_every_voice_of_the_corpus()
    {
        using var synthesiser = new SpeechSynthesiser();
        IEnumerable<Variant> variants = [.. Variant.Train, .. Variant.Dev, .. Variant.Test, .. Variant.Babble];

        foreach (var variant in variants)
        {
            var spoken = synthesiser.Speak("ling2 yi1 er4", new VoiceSettings(variant.Name), 1);

            Assert.Equal(["l", "i", "N", "j", "i", "@r"], spoken.Phonemes.Where(mark => !mark.IsPause).Select(mark => mark.Name));
            Assert.InRange(spoken.Samples.Length, 10000, 25000);
        }
    }

    [EspeakFact]
    public void Speak_unknown_voice_names_it_and_the_package()
    {
        using var synthesiser = new SpeechSynthesiser();

        var error = Assert.Throws<FileNotFoundException>(() => synthesiser.Speak("yi1", new VoiceSettings("nobody"), 1));

        Assert.Contains("cmn-latn-pinyin+nobody", error.Message, StringComparison.Ordinal);
        Assert.Contains("espeak-ng-data", error.Message, StringComparison.Ordinal);
    }
}
