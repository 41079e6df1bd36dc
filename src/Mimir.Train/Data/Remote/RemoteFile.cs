namespace Mimir.Train.Data.Remote;

/// <summary>A file of a corpus elsewhere that a set names.</summary>
/// <param name="Key">The recipe's key that names it (<c>dir</c>, <c>alignments</c>).</param>
/// <param name="Path">Its path in the corpus.</param>
internal readonly record struct RemoteFile(string Key, string Path);
