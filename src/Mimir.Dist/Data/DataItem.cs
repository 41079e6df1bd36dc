namespace Mimir.Dist.Data;

/// <summary>One thing to train on, as far as its distribution needs to know it: an utterance, for a speech trainer.</summary>
/// <param name="Id">Its name, unique in a corpus; without white space.</param>
/// <param name="Frames">Its length, at least 1.</param>
public readonly record struct DataItem(string Id, int Frames);
