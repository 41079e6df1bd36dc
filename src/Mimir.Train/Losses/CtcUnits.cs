using Mimir.Base;
using Mimir.Decode.Lexicons;
using Mimir.Decode.Scoring;
using Mimir.Train.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Losses;

/// <summary>The units of a network that is trained by CTC: those of the training transcripts, numbered from 1 after the blank.</summary>
internal sealed class CtcUnits
{
    private const string Blank = "<blk>";

    private readonly CtcRecipe _recipe;
    private readonly Lexicon? _lexicon;
    private readonly string[] _names;
    private readonly Dictionary<string, int> _numbers;

    private CtcUnits(CtcRecipe recipe, CorpusSet train)
    {
        _recipe = recipe;
        _lexicon = recipe is { Unit: CtcUnit.Phone, Lexicon: { } file } ? Lexicon.Read(file) : null;
        _names = [.. TextsOf(train).Values.SelectMany(Spell).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _numbers = _names.Index().ToDictionary(entry => entry.Item, entry => entry.Index + 1, StringComparer.Ordinal);
        if (_names.Length == 0)
            throw new InputException($"{Path.Combine(train.Dir, "text")}: expected transcripts of the training set, there are none.");
    }

    /// <summary>Gets the symbols of the outputs, in their order.</summary>
    public IReadOnlyList<string> Symbols => [Blank, .. _names];

    /// <summary>Gets the name of an error rate in these units.</summary>
    public string Measure => _recipe.Unit switch
    {
        CtcUnit.Word => "WER",
        CtcUnit.Character => "CER",
        _ => "PER",
    };

    /// <summary>Reads the units of a recipe.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="kind">The loss.</param>
    /// <exception cref="InputException">The training set has no transcripts, or a file is damaged.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public static CtcUnits Of(Recipe recipe, CtcRecipe kind) => new(
        kind, recipe.Corpus.Train ?? throw new InputException("corpus.train: expected a set, there is none."));

    /// <summary>The names of some units.</summary>
    /// <param name="labels">Their numbers, from 1.</param>
    public string NamesOf(IEnumerable<int> labels) => string.Join(' ', labels.Select(label => _names[label - 1]));

    /// <summary>The labels of the utterances of a set.</summary>
    /// <param name="set">The set.</param>
    /// <returns>By utterance; a unit that training does not have is -1, an utterance without a transcript is missing.</returns>
    public IReadOnlyDictionary<string, int[]> LabelsOf(CorpusSet set) => TextsOf(set).ToDictionary(
        text => text.Key, text => Spell(text.Value).Select(unit => _numbers.GetValueOrDefault(unit, -1)).ToArray(), StringComparer.Ordinal);

    // Of the utterances that the set names.
    private static Dictionary<string, string> TextsOf(CorpusSet set)
    {
        var all = Transcripts.Read(set.Reference ?? Path.Combine(set.Dir, "text"), set.TextEncoding);
        return SetLoader.UtterancesOf(set).Where(utterance => all.ContainsKey(utterance.Id))
            .ToDictionary(utterance => utterance.Id, utterance => all[utterance.Id], StringComparer.Ordinal);
    }

    private IEnumerable<string> Spell(string text)
    {
        if (_recipe.Unit == CtcUnit.Character)
            return Tokens.Split(text, ScoreUnit.Character);

        var words = Tokens.Split(text, ScoreUnit.Word);
        return _lexicon is null ? words : words.SelectMany(PhonesOf);
    }

    private IReadOnlyList<string> PhonesOf(string word) => _lexicon?.Of(word) is [var first, ..]
        ? first.Phones
        : throw new InputException($"{_recipe.Lexicon}: the transcripts have the word '{word}', and it has no pronunciation.");
}
