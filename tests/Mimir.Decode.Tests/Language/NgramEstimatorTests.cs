using Mimir.Base;
using Mimir.Decode.Language;
using Mimir.Decode.Tests.Support;

namespace Mimir.Decode.Tests.Language;

/// <summary>Estimated models against a readable reference, and against models of known figures.</summary>
public sealed class NgramEstimatorTests
{
    [Theory]
    [InlineData(NgramSmoothing.KneserNey, 1, 1)]
    [InlineData(NgramSmoothing.KneserNey, 2, 1)]
    [InlineData(NgramSmoothing.KneserNey, 3, 1)]
    [InlineData(NgramSmoothing.KneserNey, 6, 1)]
    [InlineData(NgramSmoothing.KneserNey, 3, 2)]
    [InlineData(NgramSmoothing.WittenBell, 3, 1)]
    [InlineData(NgramSmoothing.WittenBell, 4, 2)]
    public void Estimate_gives_the_probabilities_of_the_formulas(NgramSmoothing smoothing, int order, int minCount)
    {
        var sentences = RandomText.Sentences(new Random(5), 60, 12);
        var reference = new ReferenceNgram(sentences, order, smoothing, minCount);

        var model = Estimate(sentences, new() { Order = order, Smoothing = smoothing, MinCounts = [1, minCount] });

        foreach (var history in reference.Histories().Append(["zzz", "a", "b"]).Append(["<s>", "c"]))
        {
            var labels = history.Select(word => model.Words.Find(word)).ToArray();
            var sum = 0.0;
            foreach (var word in reference.Vocabulary)
            {
                var got = Math.Pow(10, model.Score(labels, model.Words.Find(word)));
                Assert.Equal(reference.Probability(word, history), got, 1e-6);
                sum += got;
            }

            Assert.Equal(1, sum, 1e-5);
        }
    }

    [Fact]
    public void Estimate_with_words_that_never_come_gives_them_a_share_of_all()
    {
        var model = Estimate(["a b a b", "b a"], new() { Order = 2, Vocabulary = ["a", "b", "c", "<eps>", "#0", "<s>", "</s>"] });

        Assert.Equal(["<eps>", "<s>", "</s>", "a", "b", "c"], model.Words.Entries.OrderBy(entry => entry.Value).Select(entry => entry.Key));
        Assert.InRange(model.Score([model.Words.Find("a")], model.Words.Find("c")), -3, -0.5f);
    }

    [Fact]
    public void Estimate_of_a_limited_vocabulary_counts_the_rest_as_unknown()
    {
        var model = Estimate(["a b a b c", "b a d"], new() { Order = 2, MaxWords = 2, Unknown = "<UNK>" });

        Assert.Equal(
            ["</s>", "<UNK>", "<eps>", "<s>", "a", "b"], model.Words.Entries.Select(entry => entry.Key).Order(StringComparer.Ordinal));
        Assert.True(model.Find([model.Words.Find("a"), model.Words.Find("<UNK>")]) >= 0);
    }

    [Fact]
    public void Estimate_takes_witten_bell_for_little_text_and_says_so()
    {
        var notes = new List<string>();

        NgramEstimator.Estimate(Text(["a b", "b a"]), new(), notes.Add);

        Assert.Equal(["smoothing: witten-bell, since the text is too little for the discounts of kneser-ney"], notes);
    }

    [Fact]
    public void Estimate_is_the_same_for_another_order_of_sentences()
    {
        var sentences = RandomText.Sentences(new Random(3), 40, 8);
        using var folder = new TemporaryFolder();
        string Written(IEnumerable<string> text, string name)
        {
            var path = folder.At(name);
            ArpaWriter.Write(path, Estimate(text, new()));
            return File.ReadAllText(path);
        }

        Assert.Equal(Written(sentences, "a"), Written(sentences.Reverse(), "b"));
    }

    [Theory]
    [InlineData("a <s> b", "got '<s>'")]
    [InlineData("a </s> b", "got '</s>'")]
    [InlineData("a <eps>", "got '<eps>'")]
    public void Text_with_marks_among_words_is_refused(string sentence, string message) =>
        Assert.Contains(message, Assert.Throws<InputException>(() => Text([sentence])).Message, StringComparison.Ordinal);

    [Fact]
    public void Estimate_without_words_is_refused() =>
        Assert.Equal("the text has no words", Assert.Throws<InputException>(() => Estimate(["", "<s> </s>"], new())).Message);

    // The language model of that corpus and its log of perplexities were made by a script of a few lines.
    [SharedDataTheory]
    [InlineData(3, NgramSmoothing.WittenBell, 700.70)]
    [InlineData(2, NgramSmoothing.WittenBell, 642.44)]
    public void Estimate_on_aishell_has_the_perplexity_of_its_log(int order, NgramSmoothing smoothing, double expected)
    {
        var corpus = SharedData.At("corpora/aishell-sample");
        var text = new NgramText();
        text.Read($"{corpus}/train");
        var words = File.ReadLines($"{corpus}/lang/words.txt").Select(line => line.Split(' ')[0]).Where(word => word != "<SIL>");
        var model = NgramEstimator.Estimate(
            text, new() { Order = order, Smoothing = smoothing, Vocabulary = [.. words], Unknown = "<UNK>" });
        var dev = new NgramText();
        dev.Read($"{corpus}/dev");

        // The log counts unknown words as words.
        var all = new NgramText();
        foreach (var line in File.ReadLines($"{corpus}/dev/text"))
            all.Add(string.Join(' ', line.Split(' ')[1..].Select(word => model.Words.Find(word) > 0 ? word : "<UNK>")));
        Assert.Equal(expected, Perplexity.Of(model, all, "").Value, 0.02);
        Assert.InRange(Perplexity.Of(model, dev, "<UNK>").Value, 0.5 * expected, 1.5 * expected);
    }

    internal static NgramText Text(IEnumerable<string> sentences)
    {
        var text = new NgramText();
        foreach (var sentence in sentences)
            text.Add(sentence);

        return text;
    }

    private static NgramModel Estimate(IEnumerable<string> sentences, NgramOptions options) =>
        NgramEstimator.Estimate(Text(sentences), options);
}
