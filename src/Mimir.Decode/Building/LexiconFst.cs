using Mimir.Base;
using Mimir.Decode.Algorithms;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lexicons;

namespace Mimir.Decode.Building;

/// <summary>The optional silence of a lexicon transducer.</summary>
/// <param name="Phone">The phone.</param>
/// <param name="Probability">How probable it is after each word; 0 for no silence.</param>
/// <param name="Disambiguation">The symbol that tells paths with silence from others; null for none.</param>
/// <param name="Sentence">Silence at the ends of sentences; null takes the same probability everywhere.</param>
internal sealed record OptionalSilence(string Phone, double Probability, string? Disambiguation, SentenceSilence? Sentence);

/// <summary>
/// Makes the transducer from phones to words, L, with optional silence before the first word and after each one (Kaldi:
/// make_lexicon_fst.py, and make_lexicon_fst_silprob.py for lexicons with silence probabilities).
/// </summary>
internal sealed class LexiconFst
{
    private const int Loop = 1;
    private const int AfterSilence = 2;

    private readonly VectorFst _fst = new() { Start = 0 };
    private readonly SymbolTable _phones;
    private readonly SymbolTable _words;

    private LexiconFst(SymbolTable phones, SymbolTable words) => (_phones, _words) = (phones, words);

    /// <summary>Makes the transducer, sorted by output labels.</summary>
    /// <param name="entries">The pronunciations, with the symbols of disambiguation that are wanted.</param>
    /// <param name="phones">All phones and symbols.</param>
    /// <param name="words">All words.</param>
    /// <param name="silence">The optional silence.</param>
    public static VectorFst Make(IReadOnlyList<Pronunciation> entries, SymbolTable phones, SymbolTable words, OptionalSilence silence)
    {
        var maker = new LexiconFst(phones, words);
        if (silence.Sentence is { } sentence)
            maker.AddWithSilenceOfWords(entries, silence, sentence);
        else if (silence.Probability > 0)
            maker.AddWithSilence(entries, silence);
        else
            maker.AddWithoutSilence(entries);

        ArcOrder.SortByOutput(maker._fst);
        return maker._fst;
    }

    private static double Cost(double probability) => -Math.Log(probability);

    private void AddWithoutSilence(IReadOnlyList<Pronunciation> entries)
    {
        _fst.AddState(0);
        foreach (var entry in entries)
        {
            var state = AddBeginning(0, entry);
            AddLast(state, 0, entry, 0);
        }
    }

    private void AddWithSilence(IReadOnlyList<Pronunciation> entries, OptionalSilence silence)
    {
        var (with, without) = (Cost(silence.Probability), Cost(1 - silence.Probability));
        _fst.AddState();
        _fst.AddState(0);
        _fst.AddState();
        Add(0, Loop, null, null, without);
        Add(0, AfterSilence, null, null, with);
        if (silence.Disambiguation is null)
        {
            Add(AfterSilence, Loop, silence.Phone, null, 0);
        }
        else
        {
            var marked = _fst.AddState();
            Add(AfterSilence, marked, silence.Phone, null, 0);
            Add(marked, Loop, silence.Disambiguation, null, 0);
        }

        foreach (var entry in entries)
        {
            var state = AddBeginning(Loop, entry);
            AddLast(state, Loop, entry, without);
            AddLast(state, AfterSilence, entry, with);
        }
    }

    // State 1 is after a word without silence, state 2 after silence; the symbol of disambiguation stands where no silence is.
    private void AddWithSilenceOfWords(IReadOnlyList<Pronunciation> entries, OptionalSilence silence, SentenceSilence sentence)
    {
        _fst.AddState();
        _fst.AddState((float)Cost(sentence.EndAfterWord));
        _fst.AddState((float)Cost(sentence.EndAfterSilence));
        Add(0, Loop, silence.Disambiguation, null, Cost(1 - sentence.Start));
        Add(0, AfterSilence, silence.Phone, null, Cost(sentence.Start));
        foreach (var entry in entries)
        {
            var around = entry.Silence ?? throw new InputException($"'{entry.Word}': expected probabilities of silence for each word");
            var state = _fst.AddState();
            Add(Loop, state, entry.Phones[0], entry.Word, Cost(entry.Probability) + Cost(around.NoSilenceBefore));
            Add(AfterSilence, state, entry.Phones[0], entry.Word, Cost(entry.Probability) + Cost(around.SilenceBefore));
            foreach (var phone in entry.Phones.Skip(1))
            {
                var next = _fst.AddState();
                Add(state, next, phone, null, 0);
                state = next;
            }

            Add(state, Loop, silence.Disambiguation, null, Cost(1 - around.After));
            Add(state, AfterSilence, silence.Phone, null, Cost(around.After));
        }
    }

    // All phones of a word but the last; returns the state before that.
    private int AddBeginning(int state, Pronunciation entry)
    {
        for (var i = 0; i < entry.Phones.Count - 1; i++)
        {
            var next = _fst.AddState();
            Add(state, next, entry.Phones[i], i == 0 ? entry.Word : null, i == 0 ? Cost(entry.Probability) : 0);
            state = next;
        }

        return state;
    }

    private void AddLast(int from, int to, Pronunciation entry, double cost)
    {
        var isOnly = entry.Phones.Count == 1;
        Add(from, to, entry.Phones[^1], isOnly ? entry.Word : null, cost + (isOnly ? Cost(entry.Probability) : 0));
    }

    private void Add(int from, int to, string? phone, string? word, double cost) => _fst.AddArc(
        from, new FstArc(phone is null ? 0 : _phones.Find(phone), word is null ? 0 : _words.Find(word), (float)cost, to));
}
