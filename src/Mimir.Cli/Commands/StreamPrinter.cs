using Mimir.Base;
using Mimir.Cli.Json;
using Mimir.Features.Audio;
using Mimir.Train.Transcription;
using Mimir.Train.Transcription.Streaming;

namespace Mimir.Cli.Commands;

/// <summary>
/// Prints what is heard in a stream: a line for each utterance that has ended; before it the words so far, as lines of JSON, else on
/// one line of the terminal.
/// </summary>
/// <param name="id">The name of the stream.</param>
/// <param name="channel">Its channel, from 0.</param>
/// <param name="form">The form of the lines.</param>
/// <param name="showsPartial">True where standard error is a terminal.</param>
internal sealed class StreamPrinter(string id, int channel, TranscriptForm form, bool showsPartial)
{
    // Moves to the beginning of the terminal's line and clears it.
    private const string ClearLine = "\r\u001b[K";

    private bool _isShown;

    /// <summary>Transcribes a stream up to its end.</summary>
    /// <param name="transcriber">The transcriber.</param>
    /// <param name="source">The file, or standard input.</param>
    /// <param name="raw">The rate of samples without a header, in hertz; null for a WAV.</param>
    /// <param name="channel">The channel, from 0; null for the first.</param>
    /// <param name="form">The form of the lines.</param>
    /// <param name="isQuiet">True to print ended utterances only.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">The audio cannot be read.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    internal static void Follow(
        StreamTranscriber transcriber, AudioSource source, int? raw, int? channel, TranscriptForm form, bool isQuiet,
        CancellationToken cancellation)
    {
        var isInput = source.Audio == AudioSource.StandardInput;
        using var stream = isInput ? Console.OpenStandardInput() : File.OpenRead(source.Audio);
        var name = isInput ? "standard input" : source.Audio;
        var audio = raw is { } rate ? AudioFeed.OpenRaw(stream, name, rate) : AudioFeed.OpenWave(stream, name, channel ?? 0);
        if (!isQuiet)
            Console.Error.WriteLine(FormattableString.Invariant($"mimir: words come {transcriber.Latency:0.0#} s behind the sound"));
        if (!isQuiet && !transcriber.KnowsSilence)
            Console.Error.WriteLine("mimir: the graph does not say which phones are silence; utterances end by their length alone");

        var printer = new StreamPrinter(source.Id, channel ?? 0, form, !isQuiet && !Console.IsErrorRedirected);
        foreach (var change in transcriber.Run(audio, cancellation))
            printer.Write(change);

        printer.Clear();
    }

    /// <summary>Prints a change.</summary>
    internal void Write(StreamEvent change)
    {
        if (form == TranscriptForm.Json)
            Console.Out.WriteLine(JsonOutput.Line(TranscriptJson.Of(change)));
        else if (!change.IsFinal)
            Show(TranscriptFormats.Join(change.Segment.Words));
        else if (change.Segment.Words.Count > 0)
            Print(change.Segment);

        Console.Out.Flush();
    }

    private void Print(TranscribedSegment segment)
    {
        Clear();
        var transcript = new Transcript(form == TranscriptForm.Ctm ? id : NameOf(segment), id) { Channel = channel, Segments = [segment] };
        Console.Out.Write(form == TranscriptForm.Ctm ? TranscriptFormats.ToCtm(transcript) : TranscriptFormats.ToText(transcript));
    }

    // As Kaldi names the utterances of a recording: by start and end in hundredths of a second.
    private string NameOf(TranscribedSegment segment) =>
        FormattableString.Invariant($"{id}-{Math.Round(100 * segment.Start):0000000}-{Math.Round(100 * segment.End):0000000}");

    private void Show(string text)
    {
        if (!showsPartial)
            return;

        // The end of what does not fit; a character of Chinese is two columns wide.
        var room = Math.Max(10, (Console.WindowWidth - 1) / 2);
        Console.Error.Write(ClearLine + SafeText.Of(text.Length > room ? text[^room..] : text));
        _isShown = true;
    }

    private void Clear()
    {
        if (_isShown)
            Console.Error.Write(ClearLine);

        _isShown = false;
    }
}
