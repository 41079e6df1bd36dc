using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Mimir.Corpus.Speech;

/// <summary>The voice and prosody of a phrase.</summary>
/// <param name="Variant">The name of one of espeak-ng's voice variants, such as <c>f1</c> or <c>klatt</c>.</param>
/// <param name="Rate">The speed in words per minute, 80 to 450; espeak-ng's default is 175.</param>
/// <param name="Pitch">The base pitch, 0 to 100; 50 is the variant's own.</param>
/// <param name="Range">The pitch range, 0 (monotone) to 100; 50 is the variant's own.</param>
/// <param name="WordGap">The pause between words in units of 10 ms at the default speed.</param>
internal sealed record VoiceSettings(string Variant, int Rate = 175, int Pitch = 50, int Range = 50, int WordGap = 0);

/// <summary>A synthesised phrase with the time of every phoneme.</summary>
/// <param name="Samples">The samples at <see cref="SpeechSynthesiser.SampleRate"/>.</param>
/// <param name="Phonemes">The phonemes with their first samples, in order; pauses are phonemes too.</param>
internal sealed record SpokenPhrase(short[] Samples, IReadOnlyList<PhonemeMark> Phonemes);

/// <summary>The beginning of a phoneme.</summary>
/// <param name="Name">espeak-ng's mnemonic; those of pauses and boundaries begin with an underscore.</param>
/// <param name="Sample">The index of the first sample.</param>
internal readonly record struct PhonemeMark(string Name, int Sample)
{
    /// <summary>True for a pause or the boundary between two words.</summary>
    public bool IsPause => Name.StartsWith('_');
}

/// <summary>
/// Synthesises Mandarin from tone-numbered pinyin with espeak-ng. The same calls in the same order on a new object give the
/// same samples. A process runs one at a time.
/// </summary>
internal sealed unsafe class SpeechSynthesiser : IDisposable
{
    /// <summary>The rate of the samples, in hertz.</summary>
    public const int SampleRate = 22050;

    private const string Language = "cmn-latn-pinyin";
    private static ReadOnlySpan<byte> StressMarks => "',%="u8; // espeak-ng 1.52 writes 'iou where 1.51 wrote iou
    private static readonly Lock Speaking = new();
    private static Recording? _recording;

    private readonly EspeakLibrary _library;
    private readonly string _variants;

    /// <summary>Loads the library and its voice data.</summary>
    /// <exception cref="FileNotFoundException">The library or its data are not installed.</exception>
    public SpeechSynthesiser()
    {
        _library = EspeakLibrary.Load();
        var rate = _library.Functions.Initialize();
        if (rate != SampleRate)
        {
            _library.Dispose();
            throw new FileNotFoundException(
                $"espeak-ng-data: expected voices of {SampleRate} Hz, got {rate}; install the Debian package espeak-ng-data.");
        }

        _variants = Path.Combine(_library.Functions.DataFolder(), "voices", "!v");
        _library.Functions.SetCallback(&Take);
    }

    /// <summary>True when espeak-ng is installed.</summary>
    public static bool IsInstalled => EspeakLibrary.IsInstalled;

    /// <summary>Synthesises a phrase.</summary>
    /// <param name="text">Pinyin syllables with tone numbers, separated by spaces; a comma makes a pause.</param>
    /// <param name="voice">Voice and prosody.</param>
    /// <param name="seed">The seed of breath and noise.</param>
    /// <exception cref="FileNotFoundException">The voice is not installed.</exception>
    /// <exception cref="IOException">The library fails.</exception>
    public SpokenPhrase Speak(string text, VoiceSettings voice, uint seed)
    {
        lock (Speaking)
        {
            var espeak = _library.Functions;
            if (!File.Exists(Path.Combine(_variants, voice.Variant)) || espeak.SetVoice($"{Language}+{voice.Variant}") != 0)
            {
                throw new FileNotFoundException(
                    $"espeak-ng has no voice '{Language}+{voice.Variant}'; install the Debian package espeak-ng-data.");
            }

            espeak.SetParameter(Espeak.ParameterRate, voice.Rate);
            espeak.SetParameter(Espeak.ParameterPitch, voice.Pitch);
            espeak.SetParameter(Espeak.ParameterRange, voice.Range);
            espeak.SetParameter(Espeak.ParameterWordGap, voice.WordGap);
            EspeakLibrary.SeedNoise(seed);
            var recording = _recording = new Recording();
            try
            {
                if (espeak.Synthesise(text) != 0 || recording.Samples.Count == 0)
                    throw new IOException($"espeak-ng cannot speak '{text}' with the voice '{voice.Variant}'.");

                return new SpokenPhrase([.. recording.Samples], recording.Phonemes);
            }
            finally
            {
                _recording = null;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _library.Dispose();

    [UnmanagedCallersOnly]
    private static int Take(short* samples, int count, espeak_EVENT* events)
    {
        if (_recording is not { } recording)
            return 1;

        if (samples is not null && count > 0)
            recording.Samples.AddRange(new ReadOnlySpan<short>(samples, count));
        for (var item = events; item->type != Espeak.EventListTerminated; item++)
        {
            if (item->type != Espeak.EventPhoneme)
                continue;

            ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef<byte>(item->id), 8);
            var end = name.IndexOf((byte)0);
            name = end < 0 ? name : name[..end];
            recording.Phonemes.Add(new PhonemeMark(Encoding.UTF8.GetString(name.TrimStart(StressMarks)), item->sample));
        }

        return 0;
    }

    private sealed class Recording
    {
        public List<short> Samples { get; } = [];

        public List<PhonemeMark> Phonemes { get; } = [];
    }
}
