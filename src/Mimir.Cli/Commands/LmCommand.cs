using System.CommandLine;
using System.Globalization;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Decode.Language;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir lm</c>: estimates an n-gram language model from text, prunes it, measures it.</summary>
internal static class LmCommand
{
    internal static Command Create()
    {
        var texts = new Argument<string[]>("text")
        {
            Description = "Texts, a sentence on each line with spaces between the words (perhaps .gz), or data directories, whose "
                + "text counts.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string?>("--output")
        {
            Description = "The ARPA file to write; .gz compresses it.",
            HelpName = "lm.arpa.gz",
        };
        var model = new Option<string?>("--model") { Description = "An ARPA model to prune or to measure, in place of texts." };
        var order = new Option<int>("--order") { Description = "Words of the longest n-grams.", DefaultValueFactory = _ => 3 }.Within(1, 6);
        var smoothing = new Option<NgramSmoothing>("--smoothing")
        {
            Description = "KneserNey (modified, interpolated), WittenBell for little text, or Auto.",
        };
        var vocabulary = new Option<string?>("--vocabulary")
        {
            Description = "A file whose first words on each line are the words of the model: words.txt, a lexicon. Others are unknown.",
            HelpName = "file",
        };
        var maxWords = new Option<int>("--max-words") { Description = "Keep the most frequent words; 0 keeps all." }.Within(0);
        var minCounts = new Option<string>("--min-counts")
        {
            Description = "The least counts of n-grams by order.",
            DefaultValueFactory = _ => "1",
            HelpName = "1,1,2",
        };
        var unknown = new Option<string>("--unknown") { Description = "The word for unknown ones.", DefaultValueFactory = _ => "<unk>" };
        var prune = new Option<double>("--prune")
        {
            Description = "Remove n-grams whose loss changes the perplexity by a smaller share, such as 1e-8; 0 keeps all.",
        }.Within(0, 0.999);
        var test = new Option<string[]>("--test")
        {
            Description = "A text or data directory to tell the perplexity of (may be repeated).",
            DefaultValueFactory = _ => [],
        };
        var encoding = TextOptions.Encoding();
        var command = new Command(
            "lm",
            "Estimate an n-gram language model from text and write it in ARPA's format, which 'mimir graph' and arpa2fst read.")
        {
            texts, output, model, order, smoothing, vocabulary, maxWords, minCounts, unknown, prune, test, encoding,
        };
        command.SetAction(parsed =>
        {
            var known = TextOptions.Find(parsed.GetValue(encoding));
            NgramText Read(IEnumerable<string> paths)
            {
                var text = new NgramText();
                foreach (var path in paths)
                    text.Read(path, known);

                return text;
            }

            var (sources, target) = (parsed.GetRequiredValue(texts), parsed.GetValue(output));
            if (target is null && parsed.GetRequiredValue(test).Length == 0)
                throw new InputException("lm: expected a file for the model (--output) or a text to measure it on (--test)");

            var options = new NgramOptions
            {
                Order = parsed.GetValue(order),
                Smoothing = parsed.GetValue(smoothing),
                MaxWords = parsed.GetValue(maxWords),
                MinCounts = Numbers(parsed.GetRequiredValue(minCounts)),
                Unknown = parsed.GetRequiredValue(unknown),
                Prune = parsed.GetValue(prune),
                Vocabulary = parsed.GetValue(vocabulary) is { } file ? WordFile.Read(file) : null,
            };
            var result = (sources, parsed.GetValue(model)) switch
            {
                ([], { } path) => Pruned(NgramModel.Read(path, Note), options.Prune),
                ([_, ..], null) => NgramEstimator.Estimate(Read(sources), options, Note),
                _ => throw new InputException("lm: expected texts, or a model with --model, and not both"),
            };
            if (target is not null)
                ArpaWriter.Write(target, result);
            if (target != "-")
                Print(result, parsed.GetRequiredValue(test), path => Perplexity.Of(result, Read([path]), options.Unknown));
        });
        return command.WithExamples(
            "mimir lm corpus.txt.gz data/train --output lm.arpa.gz --order 4 --prune 1e-8 --test data/dev",
            "mimir lm data/train --vocabulary lexicon.txt --smoothing WittenBell --output lm.arpa",
            "mimir lm --model lm.arpa.gz --prune 1e-7 --output small.arpa.gz");
    }

    private static void Print(NgramModel model, string[] tests, Func<string, Perplexity> measure)
    {
        var counts = Enumerable.Range(1, model.Order)
            .Select(order => string.Create(CultureInfo.InvariantCulture, $"{model.Count(order)} {order}-grams"));
        Console.WriteLine(string.Join(", ", counts));
        foreach (var path in tests)
        {
            var perplexity = measure(path);
            if (perplexity.Sentences == 0)
                throw new InputException($"{path}: no words, so there is no perplexity");

            Console.WriteLine($"{path}: {perplexity}");
        }
    }

    private static NgramModel Pruned(NgramModel model, double threshold) => threshold > 0 ? EntropyPruning.Prune(model, threshold) : model;

    private static void Note(string message) => Console.Error.WriteLine($"mimir: {message}");

    private static int[] Numbers(string text) => [.. text.Split(',').Select(word =>
        int.TryParse(word, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InputException($"--min-counts {text}: expected numbers with commas between them, got '{word}'"))];
}
