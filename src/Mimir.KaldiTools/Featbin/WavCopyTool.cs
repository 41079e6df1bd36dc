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
            AudioTable.Clips.WriteOne(arguments[1], AudioTable.Clips.ReadOne(arguments[0], io), io: io);
            return true;
        }

        var clips = AudioTable.Read(arguments[0], io).Select(entry => KeyValuePair.Create(entry.Key, entry.Load()));
        var done = AudioTable.Clips.WriteAll(arguments[1], clips, io);
        log.Log($"Copied {done} wave files");
        return done != 0;
    }
}
