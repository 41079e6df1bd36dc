namespace Mimir.Corpus.Hmm;

/// <summary>A phone in its word: the model of which an alignment and a graph are made.</summary>
/// <param name="PhoneId">The phone's number in <c>phones.txt</c>.</param>
/// <param name="FirstPdf">The distribution of the first state; those of the others follow.</param>
internal sealed record HmmUnit(int PhoneId, int FirstPdf);
