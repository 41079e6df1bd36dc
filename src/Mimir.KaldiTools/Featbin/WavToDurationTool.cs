using Mimir.Base.Options;
using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>wav-to-duration: writes the duration of each recording in seconds.</summary>
internal sealed class WavToDurationTool()
    : KaldiTool<WavToDurationTool.Options>(
        "wav-to-duration",
        "Read wav files and output an archive consisting of a single float: the duration of each one in seconds.",
        "<wav-rspecifier> <duration-wspecifier>")
{
    /// <summary>The options.</summary>
    internal sealed record Options
    {
        /// <summary>Count the samples instead of trusting the header.</summary>
        [Option("read-entire-file")]
        public bool ReadAll { get; init; }
    }

    protected override bool Execute(Options options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (sum, least, greatest) = (0.0, double.PositiveInfinity, 0.0);
        var durations = Recordings.Read(arguments[0], Load, log, io).Select(recording =>
        {
            var info = recording.Value;

            // Kaldi computes durations in single precision.
            var duration = info.Frames / (float)info.SampleRate;
            (sum, least, greatest) = (sum + duration, Math.Min(least, duration), Math.Max(greatest, duration));
            return KeyValuePair.Create(recording.Key, duration);
        });
        var done = KaldiTables.FloatScalar.WriteAll(arguments[1], durations, io);
        log.Log($"Printed duration for {done} audio files.");
        if (done > 0)
        {
            log.Log(
                $"Mean duration was {KaldiLog.Number(sum / done)}, min and max durations were {KaldiLog.Number(least)}, "
                + KaldiLog.Number(greatest));
        }

        return done != 0;

        (AudioInfo, string?) Load(AudioEntry entry)
        {
            var info = options.ReadAll || entry.LoadInfo is null ? entry.Load().Info : entry.LoadInfo();
            return (info, info.Warning);
        }
    }
}
