using System.CommandLine;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Cli.Json;
using Mimir.Cli.Terminal;
using Mimir.Decode.Scoring;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir score</c>: counts the errors of hypotheses against transcripts.</summary>
internal static class ScoreCommand
{
    internal static Command Create()
    {
        var reference = new Argument<string>("reference") { Description = "Transcripts, a line 'utterance word word …' each." };
        var hypothesis = new Argument<string>("hypothesis") { Description = "The recognised words, in the same form." };
        var unit = UnitOption();
        var ignore = IgnoreOption();
        var speakers = new Option<string?>("--utt2spk") { Description = "Kaldi's utt2spk, for the error rate of each speaker." };
        var lexicon = new Option<string?>("--lexicon") { Description = "A pronunciation lexicon, for the syllable error rates." };
        var details = new Option<bool>("--per-utterance") { Description = "Show the alignment of every utterance." };
        var encoding = TextOptions.Encoding();
        var json = JsonOutput.CreateOption();
        var command = new Command(
            "score",
            "Compare hypotheses with transcripts: insertions, deletions, substitutions, error rate. The conventions are those of "
                + "Kaldi's score_kaldi_wer.sh and score_kaldi_cer.sh: a word stands between spaces; a character is a Unicode code "
                + "point, also of an English word (WIFI has four), and spaces do not count; a word with […], <…> or !SIL in it is one "
                + "unit. Nothing is taken out of either side but what --ignore names, and nothing is rewritten: case, width and "
                + "Unicode form (NFC) count, and errors of these alone are reported. A missing hypothesis counts as deleted.")
        {
            reference, hypothesis, unit, ignore, speakers, lexicon, details, encoding, json,
        };
        command.SetAction(parsed =>
        {
            var (referenceFile, hypothesisFile) = (parsed.GetRequiredValue(reference), parsed.GetRequiredValue(hypothesis));
            var known = TextOptions.Find(parsed.GetValue(encoding));
            var speakerOf = parsed.GetValue(speakers) is { } map ? Transcripts.Read(map, known) : null;
            var (references, hypotheses) = (Transcripts.Read(referenceFile, known), Transcripts.Read(hypothesisFile, known));
            if (speakerOf is not null && references.Keys.FirstOrDefault(id => !IsName(speakerOf.GetValueOrDefault(id))) is { } stray)
                throw new InputException($"{parsed.GetValue(speakers)}: expected a speaker for each utterance, got none for '{stray}'.");

            var options = new ScoreOptions
            {
                Unit = parsed.GetValue(unit),
                Ignored = Ignored(parsed.GetRequiredValue(ignore)),
            };
            if (ScoreSheet.Obstacle(references, hypotheses, options.Ignored) is { } obstacle)
                throw new InputException($"{referenceFile}, {hypothesisFile}: {obstacle}, so there is no error rate.");

            var sheet = ScoreSheet.Score(references, hypotheses, options, speakerOf);
            (ErrorCounts, ErrorCounts)? syllables = parsed.GetValue(lexicon) is { } pronunciations
                ? (Syllables(pronunciations, tones: true), Syllables(pronunciations, tones: false))
                : null;
            if (parsed.GetValue(json))
            {
                JsonOutput.Print(ScoreJson.Of(sheet, speakerOf is not null, parsed.GetValue(details), syllables));
                return;
            }

            Print(sheet, speakerOf is not null, parsed.GetValue(details), syllables);
            foreach (var note in parsed.GetValue<bool>(Diagnostics.QuietName) ? [] : sheet.Notes())
                Console.Error.WriteLine($"mimir: {note}");

            ErrorCounts Syllables(string pronunciations, bool tones) => SyllableErrorRate.Read(pronunciations, tones).Count(sheet);
        });
        return command.WithExamples(
            "mimir score data/test/text exp/run/decode/test/hyp.txt",
            "mimir score --unit=Character --utt2spk data/test/utt2spk data/test/text hyp.txt",
            "mimir score --ignore '<UNK> <SIL>' --encoding gbk text hyp.txt");
    }

    private static void Print(ScoreSheet sheet, bool speakers, bool utterances, (ErrorCounts Tonal, ErrorCounts Toneless)? syllables)
    {
        if (utterances)
            Console.Write(ScoreReport.PerUtterance(sheet));
        if (speakers)
            Console.Write(ScoreReport.PerSpeaker(sheet));
        if (syllables is var (tonal, toneless))
            Console.WriteLine($"{tonal.ToLine("SYL")} with tones\n{toneless.ToLine("SYL")} without tones");

        Console.WriteLine(ScoreReport.Summary(sheet).TrimEnd());
    }

    private static bool IsName(string? speaker) => !string.IsNullOrEmpty(speaker) && !speaker.Any(char.IsWhiteSpace);

    /// <summary>The option of the counted unit.</summary>
    internal static Option<ScoreUnit> UnitOption() => new("--unit")
    {
        Description = "The counted unit: Word or Character.",
        DefaultValueFactory = _ => ScoreUnit.Word,
    };

    /// <summary>The option of the words that are taken out of both sides.</summary>
    internal static Option<string[]> IgnoreOption() => new("--ignore")
    {
        Description = "Words to take out of transcripts and hypotheses before they are compared: '<UNK> <SIL>' (may be repeated).",
        HelpName = "words",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The words of the option <c>--ignore</c>.</summary>
    internal static HashSet<string> Ignored(IEnumerable<string> values) => values
        .SelectMany(value => value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .ToHashSet(StringComparer.Ordinal);
}
