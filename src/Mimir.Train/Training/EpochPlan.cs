using Mimir.Train.Data;

namespace Mimir.Train.Training;

/// <summary>The frames of an epoch that has its own: the engine's training frames are these while it lasts.</summary>
/// <param name="Dealer">Deals them.</param>
/// <param name="Sources">For each the frame of the training set whose targets it has; null where they are the same.</param>
/// <param name="Mass">What the weighted frames add up to, as losses count them.</param>
public sealed record EpochPlan(IBatchDealer Dealer, int[]? Sources, double Mass);
