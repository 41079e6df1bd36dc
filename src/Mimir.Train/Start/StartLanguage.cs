using Mimir.Base;
using Mimir.Base.Text;
using Mimir.Decode.Building;
using Mimir.Decode.Language;
using Mimir.Decode.Language.Graphones;
using Mimir.Decode.Lexicons;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Start;

/// <summary>The language of a start: lang directory, language model, decoding graph.</summary>
internal static class StartLanguage
{
    private const string UnknownWord = "<UNK>";
    private const string UnknownPhone = "SPN";
    private const int Named = 5;
    private const double MostLacking = 0.3;

    /// <summary>Makes the lang directory and the language model, where they are missing.</summary>
    /// <param name="folder">The folder of the start.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="start">Its start.</param>
    /// <param name="progress">Takes a line about each.</param>
    /// <returns>True when something was made.</returns>
    /// <exception cref="InputException">Lexicon or text is wrong.</exception>
    public static bool Make(StartFolder folder, Recipe recipe, StartRecipe start, ITrainingProgress progress)
    {
        var sentences = new Lazy<List<string>>(() => [.. Sentences(recipe, start)]);
        var made = StartFolder.Make(folder.Language, beside =>
        {
            var (lexicon, inventory) = LexiconOf(recipe, start, sentences.Value, progress);
            var language = LangBuilder.Build(lexicon, inventory);
            language.Write(beside);
            progress.Say($"start: {lexicon.Words.Count} words, {language.SpeechPhones.Count} phones");
        });
        if (File.Exists(folder.LanguageModel))
            return made;

        if (start.LanguageModel is { } given)
            ArpaWriter.Write(folder.LanguageModel, NgramModel.Read(given, progress.Say));
        else
            Estimate(folder, start, sentences.Value, progress);

        return true;
    }

    /// <summary>Makes the decoding graph, where it is missing.</summary>
    /// <param name="folder">The folder of the start, which has tree and model.</param>
    /// <param name="progress">Takes a line about it.</param>
    /// <returns>True when it was made.</returns>
    public static bool MakeGraph(StartFolder folder, ITrainingProgress progress) => StartFolder.Make(folder.Graph, beside =>
    {
        var language = LangDirectory.Read(folder.Language);
        var grammar = ArpaCompiler.Compile(
            folder.LanguageModel, language.Words, new() { Disambiguation = "#0", Warn = progress.Say });
        var model = TransitionModel.Read(folder.Model);
        var graph = GraphBuilder.ComposeLanguage(language.DisambiguatedLexicon, grammar);
        var unknown = GraphFolder.UnknownWord(folder.Language);
        graph = GraphBuilder.Build(
            graph, [.. language.Disambiguation], ContextDependency.Read(folder.Tree), model, new() { RemovedWords = unknown });
        GraphFolder.Write(beside, graph, folder.Language, model);
        progress.Say($"start: a decoding graph of {graph.StateCount:#,0} states and {graph.ArcCount:#,0} arcs");
    });

    private static IEnumerable<string> Sentences(Recipe recipe, StartRecipe start)
    {
        var lines = start.Text is { } text
            ? TextLineReader.ReadLines(text)
            : SetLoader.UtterancesOf(recipe.Corpus.Train!).Select(utterance => utterance.Text ?? "");
        return lines.Select(line => StartText.Words(line, start.Lexicon)).Where(line => line.Length > 0);
    }

    private static (Lexicon Lexicon, PhoneInventory? Inventory) LexiconOf(
        Recipe recipe, StartRecipe start, List<string> sentences, ITrainingProgress progress)
    {
        var known = start.Lexicon.File is { } file ? Lexicon.Read(file) : null;
        var transcripts = new[] { recipe.Corpus.Train!, recipe.Corpus.Cv! }.SelectMany(SetLoader.UtterancesOf)
            .Select(utterance => StartText.Words(utterance.Text ?? "", start.Lexicon)).ToList();
        var spoken = Words(transcripts).ToHashSet(StringComparer.Ordinal);
        var needed = Words(transcripts.Concat(sentences)).Distinct(StringComparer.Ordinal);
        var lacking = needed.Where(word => known?.Has(word) != true).ToList();
        if (lacking.Count > 0 && PronouncerOf(start.Lexicon, known, progress) is { } pronouncer)
        {
            using var owned = pronouncer as IDisposable;
            (known, var unspoken) = LexiconCompletion.Complete(known, lacking, pronouncer);
            lacking = [.. unspoken];
            if (unspoken.Count > 0)
                progress.Say($"start: {unspoken.Count} words have no unit that can be spoken ({string.Join(", ", unspoken.Take(Named))})");
        }

        if (known is null)
            throw new InputException("'start.lexicon': the transcripts have no word");

        Require(known, transcripts, start.Lexicon);
        if (lacking.Any(spoken.Contains) && LangBuilder.UnknownWordOf(known) is null)
            known = new Lexicon([.. known.Entries, new Pronunciation(UnknownWord, [UnknownPhone])]);

        return (known, InventoryOf(start.Lexicon, known));
    }

    // A lexicon of another language would turn every transcript into unknown words.
    private static void Require(Lexicon lexicon, IEnumerable<string> transcripts, LexiconRecipe recipe)
    {
        var words = Words(transcripts).ToList();
        var lacking = words.Where(word => !lexicon.Has(word)).ToList();
        if (lacking.Count > MostLacking * words.Count)
        {
            throw new InputException(
                $"'start.lexicon': {recipe.File} lacks {lacking.Count} of the {words.Count} words of the transcripts ({lacking[0]} …); "
                + "name the lexicon of these transcripts, or let them be spelled (units: character, letter or pinyin)");
        }
    }

    // What stands beside a lexicon in Kaldi's dict folder is taken, unless words were added in other units.
    private static PhoneInventory? InventoryOf(LexiconRecipe lexicon, Lexicon known)
    {
        var folder = lexicon.File is null ? null : Path.GetDirectoryName(Path.GetFullPath(lexicon.File));
        if (folder is null || !File.Exists(Path.Combine(folder, "nonsilence_phones.txt")))
            return null;

        var inventory = PhoneInventory.Read(folder);
        var phones = inventory.SilencePhones.Concat(inventory.SpeechPhones).ToHashSet(StringComparer.Ordinal);
        return known.Entries.All(entry => entry.Phones.All(phones.Contains)) ? inventory : null;
    }

    private static IPronouncer? PronouncerOf(LexiconRecipe lexicon, Lexicon? known, ITrainingProgress progress) => lexicon switch
    {
        { Units: WordUnits.Character } => new CharacterUnits(ignoresCase: false),
        { Units: WordUnits.Letter } => new CharacterUnits(ignoresCase: true),
        { Units: WordUnits.Pinyin } => new PinyinUnits(zeroInitials: known is null || PinyinUnits.HasZeroInitials(known)),
        { G2P: true } when known is not null => G2PModel.Train(known, new(), progress.Say),
        _ => null,
    };

    private static void Estimate(StartFolder folder, StartRecipe start, List<string> sentences, ITrainingProgress progress)
    {
        var text = new NgramText();
        foreach (var sentence in sentences)
            text.Add(sentence);

        var language = LangLexicon.Read(folder.Language);
        var model = NgramEstimator.Estimate(
            text,
            new()
            {
                Order = start.Order,
                Unknown = language.UnknownWord ?? UnknownWord,
                Vocabulary = [.. language.Words.Entries.Select(entry => entry.Key).Except(["<eps>", "#0", "<s>", "</s>"])],
            },
            progress.Say);
        ArpaWriter.Write(folder.LanguageModel, model);
        progress.Say($"start: a {start.Order}-gram language model of {text.Sentences:#,0} sentences");
    }

    private static IEnumerable<string> Words(IEnumerable<string> lines) =>
        lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
