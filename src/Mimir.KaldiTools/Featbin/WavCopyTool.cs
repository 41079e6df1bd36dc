using Mimir.Features.Audio;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>wav-copy: copies recordings, to 16-bit WAV.</summary>
internal sealed class WavCopyTool : KaldiTool
{
    /// <summary>Creates the program.</summary>
    public WavCopyTool()
        : base(
            "wav-copy",
            "Copy wave file or archives of wave files.",
            "(<wav-rspecifier>|<wav-rxfilename>) (<wav-wspecifier>|<wav-wxfilename>)")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        if (!FeatureTables.AreTables(arguments[0], arguments[1]))
        {
            AudioTable.Clips.WriteOne(arguments[1], AudioTable.Clips.ReadOne(arguments[0], io), io: io);
            return true;
        }

        var done = 0;
        using var output = AudioTable.Clips.Create(arguments[1], io);
        output.Fill(() =>
        {
            foreach (var entry in AudioTable.Read(arguments[0], io))
            {
                output.Write(entry.Key, entry.Load());
                done++;
            }
        });
        log.Log($"Copied {done} wave files");
        return done != 0;
    }
}
