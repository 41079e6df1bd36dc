using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;

namespace Mimir.Decode.Building;

/// <summary>Makes a lang directory of a lexicon (Kaldi: prepare_lang.sh).</summary>
public sealed class LangBuilder
{
    internal const string WordDisambiguation = "#0";

    private static readonly string[] UnknownWords = ["<UNK>", "<unk>", "<SPOKEN_NOISE>", "<OOV>", "<oov>", "[UNK]", "[unk]"];

    private readonly Lexicon _lexicon;
    private readonly PhoneInventory _inventory;
    private readonly LangOptions _options;
    private readonly Dictionary<string, string[]> _forms = new(StringComparer.Ordinal);
    private readonly SymbolTable _phones = new();

    private LangBuilder(Lexicon lexicon, PhoneInventory inventory, LangOptions options)
    {
        (_lexicon, _inventory, _options) = (lexicon, inventory, options);
        foreach (var phone in inventory.SilencePhones)
            _forms.Add(phone, options.PositionDependentPhones ? [.. WordPositions.FormsOf(phone, isSilence: true)] : [phone]);
        foreach (var phone in inventory.SpeechPhones)
            _forms.Add(phone, options.PositionDependentPhones ? [.. WordPositions.FormsOf(phone, isSilence: false)] : [phone]);
    }

    /// <summary>Makes the lang directory.</summary>
    /// <param name="lexicon">The lexicon.</param>
    /// <param name="inventory">Its phones; null makes them of the lexicon.</param>
    /// <param name="options">The options; null takes the defaults.</param>
    /// <param name="sentence">Silence at the ends of sentences, for lexicons with silence probabilities.</param>
    /// <param name="phones">The table of a model's phones, whose numbers are kept; null numbers them anew.</param>
    /// <exception cref="InputException">A phone of the lexicon is not of the inventory or the table, the word for unknown ones is no
    /// word, or silence probabilities are missing.</exception>
    public static LangDirectory Build(
        Lexicon lexicon,
        PhoneInventory? inventory = null,
        LangOptions? options = null,
        SentenceSilence? sentence = null,
        SymbolTable? phones = null) =>
        new LangBuilder(lexicon, inventory ?? PhoneInventory.Of(lexicon), options ?? new LangOptions()).Build(sentence, phones);

    /// <summary>Makes the lang directory of a lexicon with its lists.</summary>
    /// <inheritdoc cref="Build(Lexicon, PhoneInventory?, LangOptions?, SentenceSilence?, SymbolTable?)"/>
    public static LangDirectory Build(DictDirectory dict, LangOptions? options = null, SymbolTable? phones = null) =>
        Build(dict.Lexicon, dict.Inventory, options, dict.Sentence, phones);

    /// <summary>The word of a lexicon that stands for those it lacks: UNK or a similar one; null where there is none.</summary>
    /// <param name="lexicon">The lexicon.</param>
    public static string? UnknownWordOf(Lexicon lexicon) => UnknownWords.FirstOrDefault(lexicon.Has);

    private LangDirectory Build(SentenceSilence? sentence, SymbolTable? phones)
    {
        Check();
        var entries = _options.PositionDependentPhones ? [.. _lexicon.Entries.Select(WordPositions.Mark)] : _lexicon.Entries;
        var (marked, largest) = Disambiguation.Add(entries);
        string[] symbols = [.. Enumerable.Range(0, largest + 2).Select(number => $"#{number}")];
        string[] silence = [.. _inventory.SilencePhones.SelectMany(phone => _forms[phone])];
        string[] speech = [.. _inventory.SpeechPhones.SelectMany(phone => _forms[phone])];
        if (phones is not null)
            AddPhones(phones);

        foreach (var phone in (string[])["<eps>", .. silence, .. speech, .. symbols])
        {
            if (_phones.Find(phone) < 0)
                _phones.Add(phones is null || symbols.Contains(phone) ? phone : throw new InputException(
                    $"the lexicon has the phone '{phone}', which the model does not know"));
        }

        var words = new SymbolTable();
        foreach (var word in (string[])["<eps>", .. _lexicon.Words.Order(ByteOrder.Instance), WordDisambiguation, "<s>", "</s>"])
            words.Add(word);

        var optional = new OptionalSilence(_inventory.OptionalSilence, _options.SilenceProbability, null, sentence);
        var lexicon = new LangLexicon(
            words,
            _phones,
            LexiconFst.Make(entries, _phones, words, optional),
            Labels(symbols),
            Labels([_inventory.OptionalSilence]),
            _options.UnknownWord ?? UnknownWordOf(_lexicon));
        return new LangDirectory(lexicon)
        {
            Topology = PhoneTopologies.Make(Labels(speech), Labels(silence), _options.SpeechStates, _options.SilenceStates),
            DisambiguatedLexicon = WithLoops(
                LexiconFst.Make(marked, _phones, words, optional with { Disambiguation = symbols[^1] }), words),
            SilencePhones = Labels(silence),
            SpeechPhones = Labels(speech),
            Roots = Roots(silence),
            ExtraQuestions = [.. Questions().Select(Labels)],
            AlignLexicon = AlignLexicon(entries, words),
            IsPositionDependent = _options.PositionDependentPhones,
        };
    }

    private void Check()
    {
        foreach (var entry in _lexicon.Entries)
        {
            if (entry.Phones.FirstOrDefault(phone => !_forms.ContainsKey(phone)) is { } stray)
            {
                throw new InputException(
                    $"the pronunciation '{entry.Word} {string.Join(' ', entry.Phones)}' has '{stray}', which is no phone");
            }
        }

        if (_options.UnknownWord is { } unknown && !_lexicon.Has(unknown))
            throw new InputException($"unknown-word: expected a word of the lexicon, got '{unknown}'");
    }

    private void AddPhones(SymbolTable phones)
    {
        foreach (var (phone, label) in phones.Entries.Where(entry => entry.Key[0] != '#'))
            _phones.TryAdd(phone, label);
    }

    private int[] Labels(IEnumerable<string> names) => [.. names.Select(name => _phones.Find(name))];

    private int[] FormsOf(IEnumerable<string> phones) => Labels(phones.SelectMany(phone => _forms[phone]));

    private VectorFst WithLoops(VectorFst fst, SymbolTable words)
    {
        Algorithms.Labels.AddLoops(fst, [_phones.Find(WordDisambiguation)], [words.Find(WordDisambiguation)]);
        ArcOrder.SortByOutput(fst);
        return fst;
    }

    private PhoneRoot[] Roots(string[] silence) =>
    [
        .. _options.ShareSilencePhones
            ? [new PhoneRoot(false, false, Labels(silence))]
            : _inventory.Silence.Select(group => new PhoneRoot(true, true, FormsOf(group))),
        .. _inventory.Speech.Select(group => new PhoneRoot(true, true, FormsOf(group))),
    ];

    // Questions of the inventory about all positions, then those about each position.
    private IEnumerable<IEnumerable<string>> Questions()
    {
        foreach (var question in _inventory.ExtraQuestions)
            yield return question.SelectMany(phone => _forms[phone]);

        if (!_options.PositionDependentPhones)
            yield break;

        foreach (var mark in (string[])["_B", "_E", "_I", "_S"])
            yield return _inventory.SpeechPhones.Select(phone => phone + mark);
        foreach (var mark in (string[])["", "_B", "_E", "_I", "_S"])
            yield return _inventory.SilencePhones.Select(phone => phone + mark);
    }

    private AlignEntry[] AlignLexicon(IReadOnlyList<Pronunciation> entries, SymbolTable words)
    {
        var lines = entries.Select(entry => $"{entry.Word} {string.Join(' ', entry.Phones)}").Append($"<eps> {_inventory.OptionalSilence}");
        return
        [
            .. lines.Distinct().Order(ByteOrder.Instance).Select(line => line.Split(' '))
                .Select(fields => new AlignEntry(words.Find(fields[0]), words.Find(fields[0]), Labels(fields[1..]))),
        ];
    }
}
