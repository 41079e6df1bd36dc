using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Cli.Recipes;
using Mimir.Cli.Terminal;
using Mimir.Decode.Search;
using Mimir.Features.Segmentation;
using Mimir.Train.Packages;
using Mimir.Train.Transcription;
using Mimir.Train.Transcription.Streaming;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir transcribe</c>: from audio to text.</summary>
internal static class TranscribeCommand
{
    private static readonly EnergySegmenterOptions Defaults = new();

    internal static Command Create(Diagnostics diagnostics)
    {
        var audio = new Argument<string[]>("audio")
        {
            Description = "Audio files, folders of them, Kaldi data directories (with wav.scp), or - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var model = ModelOption();
        var set = SetOption();
        var ctm = new Option<bool>("--ctm") { Description = "Print a CTM: a line a word with start, duration and confidence." };
        var srt = new Option<bool>("--srt") { Description = "Print subtitles (SRT)." };
        var json = Json.JsonOutput.CreateOption();
        var folder = new Option<string?>("--out")
        {
            Description = "Write a file for each recording into this folder, in place of standard output.",
            HelpName = "folder",
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace transcripts that are in the folder of --out." };
        var channel = new Option<int?>("--channel") { Description = "The channel to transcribe, from 0. The default is the first." }
            .Within(0);
        var speaker = new Option<bool>("--same-speaker")
        {
            Description = "The files of a folder are of one speaker and share their normalisation. By default each file has its own.",
        };
        var longest = new Option<double>("--max-segment")
        {
            Description = "The longest segment in seconds; longer files are cut at silences.",
            HelpName = "seconds",
            DefaultValueFactory = _ => Defaults.MaxSegment,
        }.Within(1, 3600);
        var silence = new Option<double>("--min-silence")
        {
            Description = "The shortest silence in seconds that parts two segments.",
            HelpName = "seconds",
            DefaultValueFactory = _ => Defaults.MinSilence,
        }.Within(0.05, 60);
        var stream = new Option<bool>("--stream")
        {
            Description = "Follow one recording, or -, as it comes: words so far on the terminal, a line for each utterance as it ends.",
        };
        var raw = new Option<int?>("--raw")
        {
            Description = "With --stream: samples without a header, 16-bit integers of one channel at this rate.",
            HelpName = "hertz",
        }.Within(1000, 192_000);
        var command = new Command(
            "transcribe",
            "From audio to text, with a trained run or a package. Prints a line 'recording word word …' for each recording, in the form "
                + "of Kaldi's text. A recording that cannot be read is an error of one line; the others go on, and the exit code is 1.")
        {
            audio, model, set, ctm, srt, json, folder, overwrite, channel, speaker, longest, silence, stream, raw,
        };
        command.Validators.Add(result =>
        {
            if (new[] { ctm, srt, json }.Count(result.GetValue) > 1)
                result.AddError("--ctm, --srt and --json exclude each other");
            if (result.GetValue(overwrite) && result.GetValue(folder) is null)
                result.AddError("--overwrite goes with --out");
            if (result.GetValue(raw) is not null && !result.GetValue(stream))
                result.AddError("--raw goes with --stream");
            if (result.GetValue(stream) && (result.GetValue(srt) || result.GetValue(folder) is not null))
                result.AddError("--stream prints text, --ctm or --json lines, no files");
            if (result.GetValue(stream) && result.GetValue(audio) is not { Length: 1 })
                result.AddError("--stream follows one recording");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var sources = AudioSources.Find(parsed.GetRequiredValue(audio), parsed.GetValue(speaker));
            var form = parsed.GetValue(ctm) ? TranscriptForm.Ctm
                : parsed.GetValue(srt) ? TranscriptForm.Srt
                : parsed.GetValue(json) ? TranscriptForm.Json : TranscriptForm.Text;
            var name = parsed.GetRequiredValue(model);
            if (parsed.GetValue(stream))
            {
                // The cuts are Kaldi's unless the command line has others.
                var rules = EndpointOptions.RulesWith(
                    parsed.GetResult(silence) is { Implicit: false } ? (float)parsed.GetValue(silence) : null,
                    parsed.GetResult(longest) is { Implicit: false } ? (float)parsed.GetValue(longest) : null);
                using var followed = SpeechModel.Load(ModelFiles.Find(name, parsed.GetRequiredValue(set)));
                StreamPrinter.Follow(
                    new StreamTranscriber(followed, rules), sources[0], parsed.GetValue(raw), parsed.GetValue(channel), form,
                    diagnostics.IsQuiet, cancellation);
                return Task.FromResult(ExitCodes.Success);
            }

            var output = TranscriptOutput.Open(form, parsed.GetValue(folder), parsed.GetValue(overwrite), name, sources);
            var options = new TranscriberOptions
            {
                Channel = parsed.GetValue(channel),
                Segments = Defaults with { MaxSegment = parsed.GetValue(longest), MinSilence = parsed.GetValue(silence) },
                StandardInput = Console.OpenStandardInput,
            };
            using var speech = SpeechModel.Load(ModelFiles.Find(name, parsed.GetRequiredValue(set)));
            var whole = ProgressDisplay.Run(
                diagnostics,
                progress =>
                {
                    var transcriber = new Transcriber(speech, options, progress, TimeProvider.System);
                    var failures = 0;
                    foreach (var transcript in transcriber.Run(sources, cancellation))
                    {
                        output.Write(transcript);
                        if (transcript.Failure is not { } failure)
                            continue;

                        failures++;
                        diagnostics.ShowError(failure, progress);
                    }

                    return failures == 0;
                },
                isTerminalShared: output.PrintsMeanwhile);
            output.Finish();
            return Task.FromResult(whole ? ExitCodes.Success : ExitCodes.Failure);
        });
        return command.WithExamples(
            "mimir transcribe meeting.wav --model exp/mandarin-digits-dnn",
            "mimir transcribe recordings/ --model exp/mandarin-digits-dnn --ctm > words.ctm",
            "mimir transcribe talk.flac --model digits.package --srt --out subtitles",
            "ffmpeg -i talk.m4a -f wav - | mimir transcribe - --model digits.package --json",
            "arecord -q -f S16_LE -r 16000 -t raw | mimir transcribe - --stream --raw 16000 --model digits.package");
    }

    internal static Option<string> ModelOption() => new("--model")
    {
        Description = "A run (exp/x) with its graph, or a package of mimir package.",
        HelpName = "folder",
        Required = true,
    };

    internal static Option<string[]> SetOption() => new(RecipeArguments.SetName)
    {
        Description = "Change a value of the run's recipe or the package: --set decode.beam=11 (may be repeated).",
        HelpName = "key=value",
        DefaultValueFactory = _ => [],
    };
}
