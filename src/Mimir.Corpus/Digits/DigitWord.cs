namespace Mimir.Corpus.Digits;

/// <summary>One word of the vocabulary.</summary>
/// <param name="Character">How it is written.</param>
/// <param name="Pinyin">How espeak-ng is told to say it.</param>
/// <param name="Phones">Its initial and final, or its final alone, as AISHELL's lexicon names them.</param>
/// <param name="Spoken">For each phone, the mnemonics of the phonemes that espeak-ng makes of it.</param>
internal sealed record DigitWord(
    string Character, string Pinyin, IReadOnlyList<string> Phones, IReadOnlyList<IReadOnlyList<string>> Spoken);
