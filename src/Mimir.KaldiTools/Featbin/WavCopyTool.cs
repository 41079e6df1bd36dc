using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>wav-copy: copies recordings as 16-bit WAV.</summary>
internal sealed class WavCopyTool()
    : KaldiTool<NoOptions>(
        "wav-copy",
        "Copy wave file or archives of wave files.",
        "(<wav-rspecifier>|<wav-rxfilename>) (<wav-wspecifier>|<wav-wxfilename>)")
{
    protected override bool Execute(NoOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!TableLoops.AreTables(arguments[0], arguments[1]))
        {
            var clip = AudioTable.Clips.ReadOne(arguments[0], io);
            if (clip.Warning is { } warning)
                log.Warning(warning);

            AudioTable.Clips.WriteOne(arguments[1], clip, io: io);
            return true;
        }

        var clips = Recordings.Read(arguments[0], entry => Load(entry.Load()), log, io);
        var done = AudioTable.Clips.WriteAll(arguments[1], clips, io);
        log.Log($"Copied {done} wave files");
        return done != 0;

        static (AudioClip, string?) Load(AudioClip clip) => (clip, clip.Warning);
    }
}
