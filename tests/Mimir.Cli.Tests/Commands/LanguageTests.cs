using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Commands;

/// <summary><c>mimir lm</c>, <c>mimir lang</c> and <c>mimir g2p</c> as they are typed.</summary>
public sealed class LanguageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lm_estimates_prunes_and_measures()
    {
        Directory.CreateDirectory(_folder.At("data"));
        _folder.Write("data/text", "utt1 one two three\nutt2 one two\nutt3 three two one\n");
        _folder.Write("test.txt", "one two four\n");

        var made = await RunAsync("lm", "data", "--output", "lm.arpa.gz", "--order", "2", "--test", "test.txt");
        var pruned = await RunAsync("lm", "--model", "lm.arpa.gz", "--prune", "0.3", "--output", "small.arpa");

        made.Succeeded();
        Assert.StartsWith("5 1-grams, 9 2-grams\ntest.txt: perplexity ", made.Output, StringComparison.Ordinal);
        Assert.Contains("1 sentences, 3 words, 1 unknown", made.Output, StringComparison.Ordinal);
        Assert.Contains("smoothing: witten-bell", made.Errors, StringComparison.Ordinal);
        pruned.Succeeded();
        Assert.StartsWith("\\data\\\nngram 1=5\n", File.ReadAllText(_folder.At("small.arpa")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expected texts, or a model with --model, and not both", "lm", "--output", "x")]
    [InlineData("text: no such text", "lm", "text", "--output", "x")]
    [InlineData("--min-counts 1,x: expected numbers with commas between them, got 'x'", "lm", "a", "--min-counts", "1,x", "--output", "x")]
    [InlineData("min-counts: expected numbers from 1 that do not fall, got 2 1", "lm", "a", "--min-counts", "2,1", "--output", "x")]
    [InlineData("expected a file for the model (--output) or a text to measure it on (--test)", "lm", "a")]
    [InlineData("expected words (--words), a file for the model (--save) or a lexicon to test on (--test)", "g2p", "lexicon.txt")]
    [InlineData("lexiconp.txt:1: expected a word, 1 numbers, and its phones, got 'a A'", "lang", "wrong/lexiconp.txt", "lang")]
    public async Task Wrong_calls_are_refused_with_one_line(string message, params string[] arguments)
    {
        _folder.Write("a", "one two\n");
        _folder.Write("lexicon.txt", "a A\nb B\n");
        Directory.CreateDirectory(_folder.At("wrong"));
        _folder.Write("wrong/lexiconp.txt", "a A\n");

        (await RunAsync(arguments)).Refused(message);
    }

    [Fact]
    public async Task G2p_pronounces_new_words_and_names_those_it_cannot()
    {
        _folder.Write("lexicon.txt", "ab A B\nba B A\naab A A B\nbab B A B\naba A B A\n");
        _folder.Write("words", "ab\nbba\nqa\n");

        var outcome = await RunAsync("g2p", "lexicon.txt", "--words", "words", "--save", "g2p.arpa");

        outcome.Succeeded();
        Assert.Equal("bba B B A\n", outcome.Output);
        Assert.Contains("'qa' has letters that the lexicon lacks", outcome.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.At("g2p.arpa")));
    }

    [Fact]
    public async Task Lang_makes_the_folder_of_a_lexicon()
    {
        _folder.Write("lexicon.txt", "<UNK> SPN\nab A B\nba B A\n");

        var outcome = await RunAsync("lang", "lexicon.txt", "lang", "--position-dependent-phones");

        outcome.Succeeded();
        Assert.Equal("lang: 3 words, 8 phones and 10 of silence, unknown words are '<UNK>'\n", outcome.Output);
        Assert.True(File.Exists(_folder.At("lang/phones/word_boundary.int")));
    }

    private Task<MimirProcess.Outcome> RunAsync(params string[] arguments) => MimirProcess.RunAsync(_folder.Path, arguments);
}
