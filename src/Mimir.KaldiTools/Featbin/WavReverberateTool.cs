using System.Globalization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Audio;
using Mimir.Features.Augmentation;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>wav-reverberate: convolves a recording with a room impulse response and adds noises.</summary>
internal sealed class WavReverberateTool()
    : KaldiTool<WavReverberateTool.Options>(
        "wav-reverberate",
        "Reverberate a recording with a room impulse response, and add noises to it.",
        "<wav-in-rxfilename> <wav-out-wxfilename>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Write a channel for each channel of the impulse response.</summary>
        [Option("multi-channel-output")]
        public bool MultiChannel { get; init; }

        /// <summary>Channel of the input.</summary>
        [Option("input-wave-channel")]
        public int InputChannel { get; init; }

        /// <summary>Channel of the impulse response, without multi-channel-output.</summary>
        [Option("rir-channel", Needs = "impulse-response")]
        public int ResponseChannel { get; init; }

        /// <summary>Channel of the noises, without multi-channel-output.</summary>
        [Option("noise-channel", Needs = "additive-signals")]
        public int NoiseChannel { get; init; }

        /// <summary>Impulse response: a WAV file or a command.</summary>
        [Option("impulse-response")]
        public string ImpulseResponse { get; init; } = "";

        /// <summary>Noises with commas between them; needs snrs and start-times.</summary>
        [Option("additive-signals")]
        public string Signals { get; init; } = "";

        /// <summary>Signal-to-noise ratio of each noise in dB, with commas between them.</summary>
        [Option("snrs", Needs = "additive-signals")]
        public string Snrs { get; init; } = "";

        /// <summary>Start of each noise in the input in seconds, with commas between them.</summary>
        [Option("start-times", Needs = "additive-signals")]
        public string StartTimes { get; init; } = "";

        /// <summary>Length and level of the output.</summary>
        [IncludeOptions]
        public CorruptionOptions Output { get; init; } = new();
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (options.MultiChannel && (options.ResponseChannel != 0 || options.NoiseChannel != 0))
            log.Warning("options for --rir-channel and --noise-channel are ignored as --multi-channel-output is true.");

        var input = Read(arguments[0], io);
        var response = options.ImpulseResponse.Length == 0 ? null : Read(options.ImpulseResponse, io);
        if (options.MultiChannel && response is null)
            throw new InputException("--multi-channel-output needs --impulse-response: it has as many channels.");

        var noises = ReadNoises(input.SampleRate, options, io);
        foreach (var clip in (IEnumerable<AudioClip?>)[input, response, .. noises.Select(noise => noise.Clip)])
        {
            if (clip?.Warning is { } warning)
                log.Warning(warning);
        }

        var channels = Enumerable.Range(0, options.MultiChannel && response is not null ? response.Channels : 1)
            .Select(channel => Corrupt(input, response, noises, channel, options)).ToArray();
        var clipped = channels.Sum(channel => channel.Count(sample => sample is <= short.MinValue - 1f or >= short.MaxValue + 1f));
        if (clipped > 0)
            log.Warning($"clipped {clipped} samples out of total {channels.Length * channels[0].Length}. Reduce volume?");

        AudioTable.Clips.WriteOne(arguments[1], new AudioClip(channels, input.SampleRate), io: io);
        return true;
    }

    private static float[] Corrupt(
        AudioClip input,
        AudioClip? response,
        IReadOnlyList<(AudioClip Clip, double Snr, double Start)> noises,
        int channel,
        Options options)
    {
        var responseChannel = options.MultiChannel ? channel : options.ResponseChannel;
        var noiseChannel = options.MultiChannel ? channel : options.NoiseChannel;
        var room = response is null
            ? null
            : new ImpulseResponse(Channel(response, responseChannel, options.ImpulseResponse), response.SampleRate);
        var added = noises.Select(noise => new AdditiveSignal(
            Channel(noise.Clip, noiseChannel, options.Signals).ToArray(), noise.Snr, noise.Start));
        return WaveCorruption.Apply(Channel(input, options.InputChannel, "the input"), input.SampleRate, room, [.. added], options.Output);
    }

    private static List<(AudioClip Clip, double Snr, double Start)> ReadNoises(
        int sampleRate, Options options, KaldiIoOptions io)
    {
        if (options.Signals.Length == 0)
            return [];
        if (options.Snrs.Length == 0 || options.StartTimes.Length == 0)
            throw new InputException("--additive-signals option requires --snrs and --start-times to be set.");

        var names = Split(options.Signals);
        var snrs = Numbers("snrs", options.Snrs);
        var starts = Numbers("start-times", options.StartTimes);
        if (snrs.Length != names.Length || starts.Length != names.Length)
        {
            throw new InputException(
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
        : throw new InputException($"{name}: expected a channel {channel}, there are {clip.Channels}, counted from 0.");

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static double[] Numbers(string option, string text) => [.. Split(text).Select(word =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new InputException($"--{option}={text}: expected numbers with commas between them, got '{word}'."))];
}
