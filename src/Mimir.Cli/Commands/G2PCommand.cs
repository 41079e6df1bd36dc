using System.CommandLine;
using System.Globalization;
using Mimir.Base;
using Mimir.Cli.Help;
using Mimir.Decode.Language;
using Mimir.Decode.Language.Graphones;
using Mimir.Decode.Lexicons;

namespace Mimir.Cli.Commands;

/// <summary><c>mimir g2p</c>: finds the pronunciations of words that a lexicon lacks.</summary>
internal static class G2PCommand
{
    internal static Command Create()
    {
        var source = new Argument<string>("lexicon")
        {
            Description = "The lexicon to learn from (lexicon.txt, lexiconp.txt), or a model that --save wrote (.arpa, .arpa.gz).",
        };
        var words = new Option<string?>("--words")
        {
            Description = "A file whose first words on each line get pronunciations, such as words.txt; those of the lexicon are left out.",
            HelpName = "file",
        };
        var output = new Option<string?>("--output") { Description = "The lexicon to write; by default the standard output." };
        var save = new Option<string?>("--save") { Description = "The file for the model, in ARPA's format.", HelpName = "g2p.arpa.gz" };
        var test = new Option<string?>("--test") { Description = "A lexicon to count errors on.", HelpName = "lexicon" };
        var order = new Option<int>("--order") { Description = "Units of the longest n-grams.", DefaultValueFactory = _ => 5 }.Within(1, 6);
        var count = new Option<int>("--pronunciations")
        {
            Description = "The most for each word.",
            DefaultValueFactory = _ => 1,
        }.Within(1, 20);
        var share = new Option<double>("--least-share")
        {
            Description = "The least probability of a further pronunciation, as a share of the best one's.",
            DefaultValueFactory = _ => 0.2,
        }.Within(0, 1);
        var command = new Command(
            "g2p",
            "Learn from a lexicon how words are spoken, and write the pronunciations of new words: joint n-grams of letters and phones.")
        {
            source, words, output, save, test, order, count, share,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(source);
            var options = new G2POptions
            {
                Order = parsed.GetValue(order),
                Pronunciations = parsed.GetValue(count),
                LeastShare = parsed.GetValue(share),
            };
            var isModel = path.EndsWith(".arpa", StringComparison.Ordinal) || path.EndsWith(".arpa.gz", StringComparison.Ordinal);
            var lexicon = isModel ? null : Lexicon.Read(path);
            var model = lexicon is null ? G2PModel.Read(path, options) : G2PModel.Train(lexicon, options, Note);
            var (list, saved, tested) = (parsed.GetValue(words), parsed.GetValue(save), parsed.GetValue(test));
            if (list is null && saved is null && tested is null)
                throw new InputException("g2p: expected words (--words), a file for the model (--save) or a lexicon to test on (--test)");

            if (saved is not null)
                ArpaWriter.Write(saved, model.Ngrams);
            if (tested is not null)
                Console.WriteLine(G2PErrors.Count(model, Lexicon.Read(tested)));
            if (list is not null)
                Pronounce(model, WordFile.Read(list).Where(word => lexicon?.Has(word) != true), options, parsed.GetValue(output));
        });
        return command.WithExamples(
            "mimir g2p data/local/dict/lexicon.txt --words new-words.txt --output new-lexicon.txt",
            "mimir g2p lexicon.txt --save g2p.arpa.gz --test lexicon-dev.txt",
            "mimir g2p g2p.arpa.gz --words names.txt --pronunciations 3");
    }

    private static void Pronounce(G2PModel model, IEnumerable<string> words, G2POptions options, string? output)
    {
        var (lexicon, unspoken) = LexiconCompletion.Complete(null, words, model);
        var lines = lexicon.Entries.Select(entry => string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Word} {(options.Pronunciations > 1 ? $"{entry.Probability:0.###} " : "")}{string.Join(' ', entry.Phones)}\n"));
        if (output is null)
            Console.Out.Write(string.Concat(lines));
        else
            AtomicFile.WriteText(output, string.Concat(lines));

        foreach (var word in unspoken)
            Note($"'{SafeText.Of(word)}' has letters that the lexicon lacks: no pronunciation");
    }

    private static void Note(string message) => Console.Error.WriteLine($"mimir: {message}");
}
