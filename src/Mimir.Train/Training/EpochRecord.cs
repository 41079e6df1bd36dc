namespace Mimir.Train.Training;

/// <summary>A finished epoch.</summary>
/// <param name="Epoch">The epoch, from 1; 0 is the untrained network, whose training figures are 0.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="TrainLoss">The cross-entropy per frame while training, an average over the changing network.</param>
/// <param name="TrainAccuracy">The share of training frames that were right, from 0 to 1.</param>
/// <param name="CvLoss">The cross-entropy per frame on the cross-validation set after the epoch.</param>
/// <param name="CvAccuracy">The share of cross-validation frames that are right, from 0 to 1.</param>
/// <param name="Accepted">Whether the epoch's network became the best one.</param>
public sealed record EpochRecord(
    int Epoch, double Rate, double TrainLoss, double TrainAccuracy, double CvLoss, double CvAccuracy, bool Accepted);
