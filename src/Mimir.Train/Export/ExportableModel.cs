using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>A network with what its users need beside it.</summary>
/// <param name="Components">The network, from features to classes.</param>
/// <param name="Origin">Where it comes from, for messages.</param>
public sealed record ExportableModel(IReadOnlyList<NnetComponent> Components, string Origin)
{
    /// <summary>Gets the class counts of the training alignments, or null when they are not known.</summary>
    public PdfCounts? Counts { get; init; }

    /// <summary>Gets the transition model of the training alignments, or null when it is not known.</summary>
    public TransitionModel? Transitions { get; init; }

    /// <summary>Gets the statistics of the training set, where one normalisation serves all data.</summary>
    public CmvnStatistics? Cmvn { get; init; }

    /// <summary>Gets how the features are made, or null when it is not known.</summary>
    public FeatureDescription? Features { get; init; }

    /// <summary>Gets the number of leading components that prepare features and are not trained.</summary>
    public int TransformLength => Components.TakeWhile(c => c is Splice or Copy or AddShift or Rescale).Count();
}
