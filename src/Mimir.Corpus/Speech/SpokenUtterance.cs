using Mimir.Base;
using Mimir.Corpus.Digits;
using Mimir.Corpus.Hmm;
using Mimir.Corpus.Sound;

namespace Mimir.Corpus.Speech;

/// <summary>An utterance as it came out of the synthesiser, before its surroundings.</summary>
/// <param name="Id">The utterance's name.</param>
/// <param name="Speaker">Who spoke.</param>
/// <param name="Phrase">What was said.</param>
/// <param name="Samples">The sound from the first phone on, at the speaker's source rate.</param>
/// <param name="Spans">The units, from sample 0 of <paramref name="Samples"/>.</param>
/// <param name="Random">The random numbers that are left for the surroundings.</param>
internal sealed record SpokenUtterance(
    string Id, Speaker Speaker, DigitPhrase Phrase, short[] Samples, IReadOnlyList<PhoneSpan> Spans, RandomStream Random);

/// <summary>A finished utterance.</summary>
/// <param name="Id">The utterance's name.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Phrase">What is said.</param>
/// <param name="Scene">Where it is heard.</param>
/// <param name="Samples">The number of samples.</param>
/// <param name="Alignment">The transition-id of each frame.</param>
internal sealed record RecordedUtterance(
    string Id, Speaker Speaker, DigitPhrase Phrase, Scene Scene, int Samples, int[] Alignment);
