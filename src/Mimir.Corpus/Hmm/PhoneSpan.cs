namespace Mimir.Corpus.Hmm;

/// <summary>A stretch of an utterance that is one unit; it ends where the next begins.</summary>
/// <param name="Unit">What it is.</param>
/// <param name="Start">Its first sample.</param>
internal readonly record struct PhoneSpan(HmmUnit Unit, double Start);
