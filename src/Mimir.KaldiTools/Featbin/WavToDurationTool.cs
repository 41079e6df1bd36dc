using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>wav-to-duration: the length of each recording in seconds.</summary>
internal sealed class WavToDurationTool : KaldiTool
{
    private bool _readAll;

    /// <summary>Creates the program.</summary>
    public WavToDurationTool()
        : base(
            "wav-to-duration",
            "Read wav files and output an archive consisting of a single float: the duration of each one in seconds.",
            "<wav-rspecifier> <duration-wspecifier>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) => parser.AddBool(
        "read-entire-file", false, "If true, read all samples to ensure the returned duration is correct.", v => _readAll = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var (done, sum, least, greatest) = (0, 0.0, double.PositiveInfinity, 0.0);
        using var output = KaldiTables.FloatScalar.Create(arguments[1], io);
        output.Fill(() =>
        {
            foreach (var entry in AudioTable.Read(arguments[0], io))
            {
                var info = _readAll || entry.LoadInfo is null ? Info(entry.Load()) : entry.LoadInfo();

                // In single precision, as Kaldi's durations are.
                var duration = info.Frames / (float)info.SampleRate;
                output.Write(entry.Key, duration);
                (sum, least, greatest) = (sum + duration, Math.Min(least, duration), Math.Max(greatest, duration));
                done++;
            }
        });
        log.Log($"Printed duration for {done} audio files.");
        if (done > 0)
        {
            log.Log(
                $"Mean duration was {KaldiLog.Number(sum / done)}, min and max durations were {KaldiLog.Number(least)}, "
                + KaldiLog.Number(greatest));
        }

        return done != 0;
    }

    private static AudioInfo Info(AudioClip clip) => new(clip.Length, clip.Channels, clip.SampleRate);
}
