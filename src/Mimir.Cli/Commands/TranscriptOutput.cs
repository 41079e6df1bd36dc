using Mimir.Base;
using Mimir.Cli.Json;
using Mimir.Train.Transcription;

namespace Mimir.Cli.Commands;

/// <summary>The form of transcripts.</summary>
internal enum TranscriptForm
{
    /// <summary>Kaldi's text.</summary>
    Text,

    /// <summary>NIST's CTM.</summary>
    Ctm,

    /// <summary>SubRip's subtitles.</summary>
    Srt,

    /// <summary>JSON.</summary>
    Json,
}

/// <summary>Writes transcripts to standard output, or each to a file of a folder.</summary>
internal sealed class TranscriptOutput
{
    private readonly TranscriptForm _form;
    private readonly string? _folder;
    private readonly string _model;
    private readonly List<Transcript> _all = [];

    private TranscriptOutput(TranscriptForm form, string? folder, string model) => (_form, _folder, _model) = (form, folder, model);

    /// <summary>True when transcripts appear on standard output while the work goes on.</summary>
    public bool PrintsMeanwhile => _folder is null && _form != TranscriptForm.Json;

    /// <summary>Prepares the output, and refuses what would be replaced.</summary>
    /// <param name="form">The form.</param>
    /// <param name="folder">The folder; null for standard output.</param>
    /// <param name="overwrite">True to replace files.</param>
    /// <param name="model">The name of the model, for JSON.</param>
    /// <param name="sources">The recordings.</param>
    /// <exception cref="InputException">A file is there already, or several recordings would be one file of subtitles.</exception>
    public static TranscriptOutput Open(
        TranscriptForm form, string? folder, bool overwrite, string model, IReadOnlyList<AudioSource> sources)
    {
        if (folder is null && form == TranscriptForm.Srt && sources.Count > 1)
            throw new InputException($"--srt: {sources.Count} recordings are not one file of subtitles; name a folder: --out FOLDER.");

        var output = new TranscriptOutput(form, folder, model);
        if (folder is null || overwrite)
            return output;

        string[] there = [.. sources.Select(source => output.FileOf(source.Id)).Where(File.Exists)];
        if (there.Length > 0)
        {
            var more = there.Length > 1 ? $" and {there.Length - 1} more" : "";
            throw new InputException($"{there[0]}: exists{more}; name another folder, or replace them: --overwrite.");
        }

        return output;
    }

    /// <summary>Takes a transcript, or a failure.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(Transcript transcript)
    {
        if (_folder is null && _form == TranscriptForm.Json)
        {
            _all.Add(transcript);
        }
        else if (transcript.Failure is null)
        {
            var text = _form switch
            {
                TranscriptForm.Ctm => TranscriptFormats.ToCtm(transcript),
                TranscriptForm.Srt => Subtitles.ToSrt(transcript),
                TranscriptForm.Json => JsonOutput.Text(TranscriptJson.Of(transcript)),
                _ => TranscriptFormats.ToText(transcript),
            };
            Put(transcript.Id, text);
        }
    }

    /// <summary>Prints what is printed at the end.</summary>
    public void Finish()
    {
        if (_folder is null && _form == TranscriptForm.Json)
            JsonOutput.Print(TranscriptJson.Of(_model, _all));
    }

    private void Put(string id, string text)
    {
        if (_folder is null)
        {
            Console.Out.Write(text);
            return;
        }

        var file = FileOf(id);
        Directory.CreateDirectory(Path.GetDirectoryName(file) ?? ".");
        AtomicFile.WriteText(file, text);
    }

    // An id of a data directory is any text; it names a file inside the folder only.
    private string FileOf(string id)
    {
        var folder = Path.GetFullPath(_folder ?? ".");
        var file = Path.GetFullPath(Path.Combine(folder, $"{id}.{_form switch
        {
            TranscriptForm.Ctm => "ctm",
            TranscriptForm.Srt => "srt",
            TranscriptForm.Json => "json",
            _ => "txt",
        }}"));
        return file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? file
            : throw new InputException($"recording '{id}': the name leads out of {_folder}; rename it.");
    }
}
