using Mimir.Base;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.Nnetbin.Frames;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>What one run of a training program works with.</summary>
/// <param name="Network">The network, with the transform where that is joined to it.</param>
/// <param name="Transform">What is done to each utterance first.</param>
/// <param name="Source">The utterances.</param>
/// <param name="Step">What is done with a batch.</param>
/// <param name="Log">Receives what is told.</param>
/// <param name="Time">The clock.</param>
internal sealed record TrainingEpoch(
    Nnet1Network Network, Func<FloatMatrix, FloatMatrix> Transform, UtteranceSource Source, TrainingStep Step, KaldiLog Log,
    TimeProvider Time)
{
    /// <summary>Gets the frames between two looks at what flows through the network, 0 for the first and the last batch only.</summary>
    public int LookEvery { get; init; }

    /// <summary>Gets how long the data was waited for.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>The same elements, made in another thread before they are asked for.</summary>
    /// <param name="data">The sequence.</param>
    /// <param name="count">How many are made in advance.</param>
    public IEnumerable<T> Ahead<T>(IEnumerable<T> data, int count) =>
        Waiting.Timed(ReadAhead.Of(data, count), Time, span => Waited += span);
}
