using System.Globalization;
using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Augmentation;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>wav-reverberate: puts a recording into a room and adds noises to it.</summary>
internal sealed class WavReverberateTool : KaldiTool
{
    private CorruptionOptions _options = new();
    private string _response = "";
    private string _signals = "";
    private string _snrs = "";
    private string _starts = "";
    private bool _multiChannel;
    private int _inputChannel;
    private int _responseChannel;
    private int _noiseChannel;

    /// <summary>Creates the program.</summary>
    public WavReverberateTool()
        : base(
            "wav-reverberate",
            "Reverberate a recording with a room impulse response, and add noises to it.",
            "<wav-in-rxfilename> <wav-out-wxfilename>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
        parser.AddBool("multi-channel-output", false, "One output channel for each channel of the impulse response", v => _multiChannel = v);
        parser.AddBool(
            "shift-output",
            true,
            "Take out the delay of the impulse response's peak and keep the input's length; else the output is longer",
            v => _options = _options with { ShiftOutput = v });
        parser.AddInt("input-wave-channel", 0, "The channel of the input that is used", v => _inputChannel = v);
        parser.AddInt("rir-channel", 0, "The channel of the impulse response, without multi-channel-output", v => _responseChannel = v);
        parser.AddInt("noise-channel", 0, "The channel of the noises, without multi-channel-output", v => _noiseChannel = v);
        parser.AddString("impulse-response", "", "The impulse response, a wav file or a command", v => _response = v);
        parser.AddString(
            "additive-signals", "", "Noises with commas between them; needs --snrs and --start-times", v => _signals = v);
        parser.AddString("snrs", "", "A signal-to-noise ratio in dB for each noise, with commas between them", v => _snrs = v);
        parser.AddString("start-times", "", "Where each noise starts in the input, in seconds, with commas between them", v => _starts = v);
        parser.AddBool(
            "normalize-output", true, "Scale the output to the energy of the input", v => _options = _options with { NormalizeOutput = v });
        parser.AddFloat(
            "duration", 0, "If not 0, cut or repeat to this many seconds", v => _options = _options with { Duration = v });
        parser.AddFloat(
            "volume", 0, "If not 0, scale the output by this instead of --normalize-output", v => _options = _options with { Volume = v });
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (_multiChannel && (_responseChannel != 0 || _noiseChannel != 0))
            log.Warning("options for --rir-channel and --noise-channel are ignored as --multi-channel-output is true.");

        var input = Read(arguments[0], io);
        var response = _response.Length == 0 ? null : Read(_response, io);
        if (_multiChannel && response is null)
            throw new ArgumentException("--multi-channel-output needs --impulse-response: it has as many channels.");

        var noises = ReadNoises(input.SampleRate, io);
        var channels = Enumerable.Range(0, _multiChannel && response is not null ? response.Channels : 1)
            .Select(channel => Corrupt(input, response, noises, channel)).ToArray();
        var clipped = channels.Sum(channel => channel.Count(sample => sample is <= short.MinValue - 1f or >= short.MaxValue + 1f));
        if (clipped > 0)
            log.Warning($"clipped {clipped} samples out of total {channels.Length * channels[0].Length}. Reduce volume?");

        AudioTable.Clips.WriteOne(arguments[1], new AudioClip(channels, input.SampleRate), io: io);
        return true;
    }

    private float[] Corrupt(
        AudioClip input, AudioClip? response, IReadOnlyList<(AudioClip Clip, double Snr, double Start)> noises, int channel)
    {
        var room = response is null
            ? null
            : new ImpulseResponse(Channel(response, _multiChannel ? channel : _responseChannel, _response), response.SampleRate);
        var added = noises.Select(noise => new AdditiveSignal(
            Channel(noise.Clip, _multiChannel ? channel : _noiseChannel, _signals).ToArray(), noise.Snr, noise.Start));
        return WaveCorruption.Apply(Channel(input, _inputChannel, "the input"), input.SampleRate, room, [.. added], _options);
    }

    private List<(AudioClip Clip, double Snr, double Start)> ReadNoises(int sampleRate, KaldiIoOptions io)
    {
        if (_signals.Length == 0)
            return [];
        if (_snrs.Length == 0 || _starts.Length == 0)
            throw new ArgumentException("--additive-signals option requires --snrs and --start-times to be set.");

        var names = Split(_signals);
        var snrs = Numbers("snrs", _snrs);
        var starts = Numbers("start-times", _starts);
        if (snrs.Length != names.Length || starts.Length != names.Length)
        {
            throw new ArgumentException(
                $"--additive-signals names {names.Length} noises, --snrs has {snrs.Length} numbers and --start-times {starts.Length}.");
        }

        var noises = new List<(AudioClip, double, double)>();
        for (var i = 0; i < names.Length; i++)
        {
            var clip = Read(names[i], io);
            if (clip.SampleRate != sampleRate)
                throw new InputException($"{names[i]}: expected {sampleRate} Hz as the input, got {clip.SampleRate} Hz.");

            noises.Add((clip, snrs[i], starts[i]));
        }

        return noises;
    }

    private static AudioClip Read(string rxfilename, KaldiIoOptions io)
    {
        var clip = AudioInput.Read(rxfilename, io: io);
        return clip.Length > 0 ? clip : throw new InputException($"{rxfilename}: expected samples, there are none.");
    }

    private static ReadOnlySpan<float> Channel(AudioClip clip, int channel, string name) => channel >= 0 && channel < clip.Channels
        ? clip.Channel(channel)
        : throw new ArgumentException($"{name}: expected a channel {channel}, there are {clip.Channels}, counted from 0.");

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static double[] Numbers(string option, string text) => [.. Split(text).Select(word =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new ArgumentException($"--{option}={text}: expected numbers with commas between them, got '{word}'."))];
}
