namespace Mimir.Train.Data;

/// <summary>An utterance that takes no part.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">The circumstances, for people.</param>
public sealed record Drop(string Utterance, DropReason Reason, string Detail);
