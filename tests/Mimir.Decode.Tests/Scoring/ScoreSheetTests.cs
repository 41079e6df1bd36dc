using Mimir.Decode.Scoring;

namespace Mimir.Decode.Tests.Scoring;

public sealed class ScoreSheetTests
{
    private static readonly ScoreOptions Characters = new() { Unit = ScoreUnit.Character };

    [Fact]
    public void Score_characters_counts_hanzi_and_letters_one_by_one()
    {
        var references = new Dictionary<string, string> { ["u1"] = "昆凌 BABY", ["u2"] = "好" };
        var hypotheses = new Dictionary<string, string> { ["u1"] = "昆 林", ["u2"] = "好" };

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
        Assert.Equal(["u2"], sheet.Missing);
        Assert.Equal(["u9"], sheet.Unknown);
    }

    // Kaldi's score_kaldi_cer.sh and compute-wer give these counts; the spaces of the second case are ideographic.
    [Theory]
    [InlineData(ScoreUnit.Character, "你 好 <NOISE> 吗", "你 好 吗", "1 / 4, 0 ins, 1 del, 0 sub")]
    [InlineData(ScoreUnit.Character, "再　见", "再　[noise]　见", "1 / 2, 1 ins, 0 del, 0 sub")]
    [InlineData(ScoreUnit.Character, "好!SIL", "好", "1 / 1, 0 ins, 0 del, 1 sub")]
    [InlineData(ScoreUnit.Character, "啊[laugh] 好", "啊[laugh] 好", "0 / 2, 0 ins, 0 del, 0 sub")]
    [InlineData(ScoreUnit.Character, "a<b", "a b", "1 / 3, 0 ins, 1 del, 0 sub")]
    [InlineData(ScoreUnit.Character, "打开 WIFI 设置", "打 开 WIFY 设 置", "1 / 8, 0 ins, 0 del, 1 sub")]
    [InlineData(ScoreUnit.Character, "𠮷 家", "𠮷家", "0 / 2, 0 ins, 0 del, 0 sub")]
    [InlineData(ScoreUnit.Word, "a <UNK> b", "a <UNK> b", "0 / 3, 0 ins, 0 del, 0 sub")]
    [InlineData(ScoreUnit.Word, "a b", "<UNK> a <UNK> b <SIL>", "3 / 2, 3 ins, 0 del, 0 sub")]
    [InlineData(ScoreUnit.Word, "Don't stop", "don't stop", "1 / 2, 0 ins, 0 del, 1 sub")]
    public void Score_counts_units_as_kaldis_scripts_do(ScoreUnit unit, string reference, string hypothesis, string counts) =>
        Assert.Contains(counts, Score(reference, hypothesis, new() { Unit = unit }).Total.ToLine(), StringComparison.Ordinal);

    [Fact]
    public void Score_takes_ignored_words_out_of_both_sides_and_says_so()
    {
        var options = new ScoreOptions { Ignored = new HashSet<string>(["<UNK>", "<SIL>"]) };

        var sheet = Score("a <UNK> b", "<SIL> a b <UNK> <UNK>", options);

        Assert.Equal(new ErrorCounts(2, 0, 0, 0), sheet.Total);
        Assert.Equal(["4 ignored words are taken out, 1 of references and 3 of hypotheses"], sheet.Notes());
    }

    [Theory]
    [InlineData("打开 WIFI", "打开 wifi", "4 of the errors are differences of case, width or invisible characters alone (A, a, Ａ)")]
    [InlineData("打开 WIFI", "打开 ＷＩＦＩ", "4 of the errors are differences of case, width or invisible characters alone (A, a, Ａ)")]
    [InlineData("天气", "天\u200B气", "1 of the errors are differences of case, width or invisible")]
    [InlineData("cafe\u0301", "café", "references have combining accents")]
    [InlineData("", "好", "1 reference has no words (u1)")]
    public void Notes_name_what_explains_errors(string reference, string hypothesis, string note) => Assert.StartsWith(
        note, Assert.Single(Score(reference, hypothesis, Characters).Notes()), StringComparison.Ordinal);

    [Fact]
    public void Notes_name_utterances_that_only_one_side_has()
    {
        var references = new[] { "u1", "u2", "u3", "u4", "u5" }.ToDictionary(id => id, _ => "a");
        var hypotheses = new[] { "u1", "u6" }.ToDictionary(id => id, _ => "a");

        Assert.Equal(
            [
                "4 references have no hypothesis and are counted as deleted (u2, u3, u4, …)",
                "1 hypothesis has no reference and is left out (u6)",
            ],
            ScoreSheet.Score(references, hypotheses, new()).Notes());
    }

    [Theory]
    [InlineData("", "u1 a", "there is no reference")]
    [InlineData("u1 a", "", "there is no hypothesis")]
    [InlineData("u1 a", "u2 a", "no utterance in common (the first are 'u1' and 'u2')")]
    [InlineData("u1", "u1 a", "not one word")]
    [InlineData("u1 <UNK>", "u1 a", "not one word")]
    public void Obstacle_says_why_there_is_no_error_rate(string reference, string hypothesis, string why)
    {
        var obstacle = ScoreSheet.Obstacle(Texts(reference), Texts(hypothesis), new HashSet<string>(["<UNK>"]));

        Assert.Contains(why, obstacle, StringComparison.Ordinal);
        Assert.Null(ScoreSheet.Obstacle(Texts("u1 a"), Texts("u1"), new HashSet<string>()));
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

    private static ScoreSheet Score(string reference, string hypothesis, ScoreOptions options) =>
        ScoreSheet.Score(Texts($"u1 {reference}"), Texts($"u1 {hypothesis}"), options);

    private static Dictionary<string, string> Texts(string line) => line.Length == 0
        ? []
        : new() { [line.Split(' ')[0]] = line.Contains(' ') ? line[(line.IndexOf(' ') + 1)..] : "" };

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

    [SharedDataTheory]
    [InlineData("tri1", "dev", "%CER 50.36 [ 565 / 1122, 19 ins, 23 del, 523 sub ]")]
    [InlineData("lstm2_fbank", "dev", "%CER 55.17 [ 619 / 1122, 9 ins, 40 del, 570 sub ]")]
    [InlineData("tri1", "test", "%CER 66.18 ")]
    [InlineData("dnn4_fbank", "test", "%CER 65.49 ")]
    [InlineData("lstm2_fbank", "test", "%CER 69.62 ")]
    public void Score_kaldis_aishell_hypotheses_gives_its_character_error_rates(string system, string set, string line)
    {
        var corpus = SharedData.At("corpora/aishell-sample");
        var hypotheses = Transcripts.Read(Path.Combine(corpus, $"scoring/{system}/hyp_{set}.txt"));

        var sheet = ScoreSheet.Score(Transcripts.Read(Path.Combine(corpus, $"{set}/ref_chars")), hypotheses, Characters);

        Assert.StartsWith(line, sheet.Total.ToLine("CER"), StringComparison.Ordinal);
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
