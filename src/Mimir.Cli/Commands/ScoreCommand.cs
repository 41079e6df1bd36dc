using System.CommandLine;
using Mimir.Cli.Help;
using Mimir.Decode.Scoring;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir score</c>: counts the errors of hypotheses against transcripts.</summary>
internal static class ScoreCommand
{
    internal static Command Create()
    {
        var reference = new Argument<string>("reference") { Description = "Transcripts, a line 'utterance word word …' each." };
        var hypothesis = new Argument<string>("hypothesis") { Description = "The recognised words, in the same form." };
        var unit = new Option<ScoreUnit>("--unit")
        {
            Description = "The counted unit: Word or Character.",
            DefaultValueFactory = _ => ScoreUnit.Word,
        };
        var speakers = new Option<string?>("--utt2spk") { Description = "Kaldi's utt2spk, for the error rate of each speaker." };
        var lexicon = new Option<string?>("--lexicon") { Description = "A pronunciation lexicon, for the syllable error rates." };
        var details = new Option<bool>("--per-utterance") { Description = "Show the alignment of every utterance." };
        var command = new Command("score", "Compare hypotheses with transcripts: insertions, deletions, substitutions, error rate.")
        {
            reference, hypothesis, unit, speakers, lexicon, details,
        };
        command.SetAction(parsed =>
        {
            var speakerOf = parsed.GetValue(speakers) is { } file ? Transcripts.Read(file) : null;
            var sheet = ScoreSheet.Score(
                Transcripts.Read(parsed.GetRequiredValue(reference)),
                Transcripts.Read(parsed.GetRequiredValue(hypothesis)),
                new ScoreOptions { Unit = parsed.GetValue(unit) },
                speakerOf);
            if (parsed.GetValue(details))
                Console.Write(ScoreReport.PerUtterance(sheet));
            if (speakerOf is not null)
                Console.Write(ScoreReport.PerSpeaker(sheet));
            if (parsed.GetValue(lexicon) is { } pronunciations)
            {
                foreach (var tones in (bool[])[true, false])
                {
                    var errors = SyllableErrorRate.Read(pronunciations, tones).Count(sheet);
                    Console.WriteLine($"{errors.ToLine("SYL")} {(tones ? "with tones" : "without tones")}");
                }
            }

            Console.WriteLine(ScoreReport.Summary(sheet).TrimEnd());
        });
        return command.WithExamples(
            "mimir score data/test/text exp/run/decode/test/hyp.txt",
            "mimir score --unit=Character --utt2spk data/test/utt2spk data/test/text hyp.txt");
    }
}
