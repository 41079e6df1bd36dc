using System.Collections.Concurrent;
using System.Numerics.Tensors;
using Mimir.Base;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Hmm;
using Mimir.Corpus.Sound;
using Mimir.Corpus.Speech;
using Mimir.Features.Signal;

namespace Mimir.Corpus;

/// <summary>An utterance of the synthesiser, before the acoustic scene is applied.</summary>
/// <param name="Id">The utterance's id.</param>
/// <param name="Speaker">The speaker.</param>
/// <param name="Phrase">The output of the synthesiser.</param>
/// <param name="Samples">The samples from the first phone, at the speaker's source rate.</param>
/// <param name="Spans">The units, from sample 0 of <paramref name="Samples"/>.</param>
/// <param name="Random">The random numbers of the acoustic scene.</param>
internal sealed record SpokenUtterance(
    string Id, Speaker Speaker, DigitPhrase Phrase, short[] Samples, IReadOnlyList<PhoneSpan> Spans, SeededRandom Random);

/// <summary>A finished utterance.</summary>
/// <param name="Id">The utterance's id.</param>
/// <param name="Speaker">The speaker.</param>
/// <param name="Phrase">The text.</param>
/// <param name="Scene">The acoustic scene.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="Alignment">The transition-id of each frame.</param>
internal sealed record RecordedUtterance(
    string Id, Speaker Speaker, DigitPhrase Phrase, Scene Scene, int Samples, int[] Alignment);

/// <summary>
/// Synthesises utterances in two steps: speech in order on one thread, then the acoustic scene in any order on any thread.
/// </summary>
internal sealed class Studio
{
    private const int FilterZeros = 16;
    private const int BabblePhrases = 10;
    private const int BabbleDigits = 11;
    private const int TailOfSpeech = SpeechSynthesiser.SampleRate * 20 / 1000;

    private readonly MandarinDigitsOptions _options;
    private readonly SpeechSynthesiser _synthesiser;
    private readonly PhoneSegmenter _segmenter;
    private readonly StateAligner _aligner;
    private readonly ConcurrentDictionary<int, Resampler> _resamplers = [];
    private readonly Mixer _mixer;

    /// <summary>Creates the studio and synthesises the voices of babble noise.</summary>
    public Studio(MandarinDigitsOptions options, HmmSet hmms, SpeechSynthesiser synthesiser)
    {
        _options = options;
        _synthesiser = synthesiser;
        _segmenter = new PhoneSegmenter(hmms);
        _aligner = new StateAligner(hmms);
        _mixer = new Mixer(new NoiseGenerator(RecordBabble()), BandPass.Telephone(options.SampleRate));
    }

    /// <summary>Synthesises one utterance. The order of calls influences the samples.</summary>
    public SpokenUtterance Speak(string id, Speaker speaker, SeededRandom random)
    {
        var phrase = DigitPhrase.Draw(_options.ShortestString, _options.LongestString, random);
        var spoken = _synthesiser.Speak(phrase.Pinyin, speaker.Speaking(random), (uint)random.NextBits());
        var spans = _segmenter.Segment(phrase, spoken);
        var start = (int)spans[0].Start;
        var end = Math.Min((int)spans[^1].Start + TailOfSpeech, spoken.Samples.Length);
        return new SpokenUtterance(
            id, speaker, phrase, spoken.Samples[start..end], [.. spans.Select(span => span with { Start = span.Start - start })], random);
    }

    /// <summary>Applies the acoustic scene to an utterance and aligns it.</summary>
    public (RecordedUtterance Utterance, short[] Samples) Finish(SpokenUtterance spoken)
    {
        var scene = DrawScene(spoken.Random);
        var sourceRate = spoken.Speaker.SourceRate;
        var samples = _mixer.Mix(Resample(spoken.Samples, sourceRate), scene, spoken.Random);

        var scale = (double)_options.SampleRate / sourceRate;
        var silence = spoken.Spans[^1].Unit;
        PhoneSpan[] spans =
        [
            new PhoneSpan(silence, 0),
            .. spoken.Spans.Select(span => span with { Start = scene.Lead + (span.Start * scale) }),
        ];
        var alignment = _aligner.Align(spans, new FrameClock(_options.SampleRate), samples.Length);
        return (new RecordedUtterance(spoken.Id, spoken.Speaker, spoken.Phrase, scene, samples.Length, alignment), samples);
    }

    // Resamples to the rate of the corpus; the cutoff is 96 % of the lower Nyquist frequency.
    private float[] Resample(ReadOnlySpan<short> samples, int rate)
    {
        var wave = new float[samples.Length];
        TensorPrimitives.ConvertTruncating(samples, wave);
        var resampler = _resamplers.GetOrAdd(rate, from =>
            new Resampler(from, _options.SampleRate, (float)(0.48 * Math.Min(from, _options.SampleRate)), FilterZeros, padded: false));
        var output = new float[(int)((long)wave.Length * _options.SampleRate / rate)];
        resampler.Apply(wave, output);
        return output;
    }

    private Scene DrawScene(SeededRandom random) => new(
        Lead: (int)(_options.SampleRate * random.Between(0.15, 0.4)),
        Tail: (int)(_options.SampleRate * random.Between(0.15, 0.4)),
        SpeechLevel: random.Between(-32, -20),
        Telephone: random.Chance(_options.TelephoneShare),
        SignalToNoise: random.Chance(_options.CleanShare)
            ? null : _options.SignalToNoise[random.Below(_options.SignalToNoise.Count)],
        Colour: (NoiseColour)random.Below(Enum.GetValues<NoiseColour>().Length));

    private float[][] RecordBabble()
    {
        var random = SeededRandom.For(_options.Seed, 0);
        return [.. Speaker.Draw("", Variant.Babble, Variant.Babble.Count, random).Select(speaker => RecordBabble(speaker, random))];
    }

    private float[] RecordBabble(Speaker speaker, SeededRandom random)
    {
        var samples = new List<short>();
        for (var i = 0; i < BabblePhrases; i++)
        {
            var phrase = DigitPhrase.Draw(BabbleDigits, BabbleDigits, random);
            samples.AddRange(_synthesiser.Speak(phrase.Pinyin, speaker.Speaking(random), (uint)random.NextBits()).Samples);
        }

        var voice = Resample([.. samples], speaker.SourceRate);
        var gain = 1 / Level.RootMeanSquare(voice);
        return [.. voice.Select(sample => (float)(sample * gain))];
    }
}
