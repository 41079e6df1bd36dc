using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class ScoreSheetTests
{
    private static readonly ScoreOptions Characters = new() { Unit = ScoreUnit.Character };

    [Fact]
    public void Score_characters_counts_hanzi_and_letters_one_by_one()
    {
        var references = new Dictionary<string, string> { ["u1"] = "昆凌 BABY", ["u2"] = "好" };
        var hypotheses = new Dictionary<string, string> { ["u1"] = "昆 林 <UNK>", ["u2"] = "好" };

        var sheet = ScoreSheet.Score(references, hypotheses, Characters);

        Assert.Equal("%CER 71.43 [ 5 / 7, 0 ins, 4 del, 1 sub ]", sheet.Total.ToLine("CER"));
        Assert.Equal(1, sheet.WrongUtterances);
    }

    [Theory]
    [InlineData(MissingHypothesis.CountAsDeleted, 3)]
    [InlineData(MissingHypothesis.LeaveOut, 1)]
    public void Score_missing_hypothesis_counts_as_asked(MissingHypothesis missing, int reference)
    {
        var references = new Dictionary<string, string> { ["u1"] = "one", ["u2"] = "two three" };
        var hypotheses = new Dictionary<string, string> { ["u1"] = "one", ["u9"] = "stray" };

        var sheet = ScoreSheet.Score(references, hypotheses, new ScoreOptions { Missing = missing });

        Assert.Equal(new ErrorCounts(reference, 0, reference - 1, 0), sheet.Total);
        Assert.Equal(1, sheet.Missing);
    }

    [Fact]
    public void Score_speakers_sum_to_the_total()
    {
        var references = new Dictionary<string, string> { ["a1"] = "x y", ["a2"] = "x", ["b1"] = "z" };
        var speakers = new Dictionary<string, string> { ["a1"] = "a", ["a2"] = "a", ["b1"] = "b" };

        var sheet = ScoreSheet.Score(references, new Dictionary<string, string> { ["a1"] = "x" }, new ScoreOptions(), speakers);

        Assert.Equal(["a", "b"], sheet.Speakers.Select(speaker => speaker.Key));
        Assert.Equal(sheet.Total, sheet.Speakers[0].Value + sheet.Speakers[1].Value);
    }

    [SharedDataTheory]
    [InlineData("tri1.test_noisy", "test_noisy")]
    [InlineData("mono.test_noisy", "test_noisy")]
    [InlineData("dnn3x512.test", "test")]
    [InlineData("dnn3x512.test_noisy", "test_noisy")]
    [InlineData("lstm2x256p128.test_noisy", "test_noisy")]
    public void Score_kaldis_hypotheses_prints_what_compute_wer_prints(string system, string set)
    {
        var folder = SharedData.At("goldens/kaldi/exp/decode");
        var hypotheses = Transcripts.Read(Directory.GetFiles(folder, $"{system}.hyp.*").Single());
        var references = Transcripts.Read(SharedData.At($"corpora/digits/data/{set}/text"));
        var expected = File.ReadAllText(Path.Combine(folder, $"{system}.compute-wer.txt"));

        var sheet = ScoreSheet.Score(references, hypotheses, new ScoreOptions { Missing = MissingHypothesis.LeaveOut });

        Assert.Equal(expected, ScoreReport.Summary(sheet));
    }

    [SharedDataFact]
    public void Score_kaldis_aishell_hypotheses_gives_its_character_and_syllable_rates()
    {
        var corpus = SharedData.At("corpora/aishell-sample");
        var hypotheses = Transcripts.Read(Path.Combine(corpus, "scoring/dnn4_fbank/hyp_dev.txt"));
        var references = Transcripts.Read(Path.Combine(corpus, "dev/ref_chars"));

        var sheet = ScoreSheet.Score(references, hypotheses, Characters);
        var toneless = SyllableErrorRate.Read(Path.Combine(corpus, "dict/lexicon.txt"), tones: false).Count(sheet);
        var tonal = SyllableErrorRate.Read(Path.Combine(corpus, "dict/lexicon.txt"), tones: true).Count(sheet);

        Assert.Equal("%CER 49.64 [ 557 / 1122, 22 ins, 15 del, 520 sub ]", sheet.Total.ToLine("CER"));
        Assert.Equal(22.28, toneless.Percent, 2);
        Assert.Equal(38.32, tonal.Percent, 2);
    }
}
