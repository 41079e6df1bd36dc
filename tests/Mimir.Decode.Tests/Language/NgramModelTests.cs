using System.Text;
using Mimir.Base;
using Mimir.Decode.Language;
using Mimir.Decode.Tests.Support;
using Xunit.Abstractions;

namespace Mimir.Decode.Tests.Language;

/// <summary>Models that are read, written, pruned and measured.</summary>
public sealed class NgramModelTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("lm.arpa")]
    [InlineData("lm.arpa.gz")]
    public void Model_read_again_is_the_same(string name)
    {
        var model = Some(3);
        ArpaWriter.Write(_folder.At(name), model);

        ArpaWriter.Write(_folder.At("again"), NgramModel.Read(_folder.At(name)));

        ArpaWriter.Write(_folder.At("first"), model);
        Assert.Equal(Sorted(_folder.At("first")), Sorted(_folder.At("again")));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Prune_leaves_a_distribution_over_all_words_and_takes_more_with_a_greater_threshold(int order)
    {
        var model = Some(order);
        var sizes = new List<int>();
        foreach (var threshold in (double[])[1e-9, 1e-4, 1e-3, 1e-2, 0.5])
        {
            var pruned = EntropyPruning.Prune(model, threshold);

            sizes.Add(Enumerable.Range(1, order).Sum(pruned.Count));
            Assert.Equal(model.Count(1), pruned.Count(1));
            for (var level = 1; level < order; level++)
            {
                for (var id = 0; id < pruned.Count(level); id++)
                    AssertSumsToOne(pruned, level, id);
            }
        }

        Assert.Equal(sizes.OrderDescending(), sizes);
        Assert.True(sizes[0] > sizes[2] && sizes[2] > sizes[^1], string.Join(' ', sizes));
        Assert.Equal(model.Count(1), sizes[^1]);
    }

    [Fact]
    public void Prune_first_takes_what_hardly_changes_the_perplexity_of_the_model()
    {
        var model = Some(2);
        var kept = model;
        for (var threshold = 1e-7; kept.Count(2) == model.Count(2); threshold *= 1.5)
            kept = EntropyPruning.Prune(model, threshold);

        var (whole, without) = (ModelPerplexity(model, model), ModelPerplexity(model, kept));
        Assert.InRange(without / whole, 1 - 1e-6, 1.001);
    }

    [Fact]
    public void Perplexity_counts_ends_of_sentences_and_no_unknown_words()
    {
        var model = NgramModel.Read(_folder.Write(
            "lm",
            "\\data\\\nngram 1=4\nngram 2=1\n\n\\1-grams:\n-99\t<s>\t-0.1\n-0.5\t</s>\n-0.6\ta\t-0.2\n-0.7\tb\n\n"
            + "\\2-grams:\n-0.25\t<s> a\n\n\\end\\\n"));

        var result = Perplexity.Of(model, NgramEstimatorTests.Text(["a b", "x a", "b"]));

        // a, b, </s>; (x) a, </s>; b, </s>
        var sum = -(0.25 + 0.2 + 0.7 + 0.5 + 0.6 + 0.2 + 0.5 + 0.1 + 0.7 + 0.5);
        Assert.Equal((3, 5, 1, sum), (result.Sentences, result.Words, result.Unknown, Math.Round(result.LogProbability, 5)));
        Assert.Equal(Math.Pow(10, -sum / 7), result.Value, 1e-4);
    }

    [Theory]
    [InlineData("-0.6 a", "-0.6 b", ":9: expected each n-gram once")]
    [InlineData("-0.1 <s> a", "-0.1 q a", ":12: expected an n-gram whose beginning came before")]
    [InlineData("-0.5 </s>", "-0.5 x", ": expected '</s>' among the words")]
    public void Model_that_contradicts_itself_is_refused(string text, string replacement, string message)
    {
        var path = _folder.Write(
            "lm",
            ("\\data\\\nngram 1=4\nngram 2=1\n\n\\1-grams:\n-99 <s> -0.1\n-0.5 </s>\n-0.6 a\n-0.7 b\n\n\\2-grams:\n-0.1 <s> a\n\n\\end\\\n")
                .Replace(text, replacement, StringComparison.Ordinal));

        Assert.StartsWith($"{path}{message}", Assert.Throws<InputException>(() => NgramModel.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_mutated_models_gives_values_or_a_message()
    {
        ArpaWriter.Write(_folder.At("lm"), NgramEstimator.Estimate(
            NgramEstimatorTests.Text(RandomText.Sentences(new Random(1), 6, 4)), new() { Order = 3 }));
        var whole = File.ReadAllBytes(_folder.At("lm"));

        console.WriteLine($"{Fuzzer.Run("ARPA", whole, file => NgramModel.Read(file), needsPlace: false)}");
        var options = new ArpaCompilerOptions { Disambiguation = "#0" };
        console.WriteLine($"{Fuzzer.Run("ARPA, compiled", whole, file => ArpaCompiler.Compile(file, options), needsPlace: false)}");
    }

    private static NgramModel Some(int order) => NgramEstimator.Estimate(
        NgramEstimatorTests.Text(RandomText.Sentences(new Random(7), 80, 10)),
        new() { Order = order, Smoothing = NgramSmoothing.KneserNey });

    private static string[] Sorted(string path) => [.. File.ReadLines(path, Encoding.UTF8).Order(StringComparer.Ordinal)];

    private static void AssertSumsToOne(NgramModel model, int length, int context)
    {
        var history = new int[length];
        model.WordsOf(length - 1, context, history);
        var start = model.Words.Find(NgramModel.Start);
        if (history.AsSpan(1).Contains(start) || history.Contains(model.Words.Find(NgramModel.End)))
            return;

        var sum = model.Words.Entries.Where(entry => entry.Value > 0 && entry.Value != start)
            .Sum(entry => Math.Pow(10, model.Score(history, entry.Value)));
        Assert.Equal(1, sum, 1e-4);
    }

    // The perplexity of a bigram model under the distribution of another.
    private static double ModelPerplexity(NgramModel truth, NgramModel model)
    {
        var words = truth.Words.Entries.Where(entry => entry.Value > 0).Select(entry => entry.Value).ToArray();
        var (start, end) = (truth.Words.Find(NgramModel.Start), truth.Words.Find(NgramModel.End));
        var entropy = 0.0;
        foreach (var history in words.Where(word => word != end))
        {
            var weight = Math.Pow(10, truth.Score([], history == start ? end : history));
            entropy -= weight * words.Where(word => word != start).Sum(word =>
                Math.Pow(10, truth.Score([history], word)) * model.Score([history], word) * Math.Log(10));
        }

        return Math.Exp(entropy);
    }
}
