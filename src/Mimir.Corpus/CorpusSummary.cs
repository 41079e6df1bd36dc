namespace Mimir.Corpus;

/// <summary>What a corpus holds.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Sets">Its parts: train, dev and test.</param>
/// <param name="PdfCount">The number of distributions of its alignments and its graph.</param>
public sealed record CorpusSummary(string Folder, IReadOnlyList<SetSummary> Sets, int PdfCount);

/// <summary>What a part of a corpus holds.</summary>
/// <param name="Name">train, dev or test.</param>
/// <param name="Speakers">The number of its speakers.</param>
/// <param name="Utterances">The number of its utterances.</param>
/// <param name="Characters">The number of spoken digits.</param>
/// <param name="Seconds">The length of its audio.</param>
public sealed record SetSummary(string Name, int Speakers, int Utterances, int Characters, double Seconds);

/// <summary>How far a corpus is made.</summary>
/// <param name="Set">The part being made: train, dev or test.</param>
/// <param name="Done">The utterances made of all parts together.</param>
/// <param name="Total">The utterances to make.</param>
public readonly record struct CorpusProgress(string Set, int Done, int Total);
