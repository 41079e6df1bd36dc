using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Groups whole utterances of nearly the same length: nnet-train-multistream-perutt.</summary>
/// <param name="streams">The most utterances of a batch.</param>
/// <param name="maxFrames">The most frames of a batch with its padding; a batch has at least one utterance.</param>
/// <param name="transform">The feature transform.</param>
internal sealed class UtteranceGrouper(int streams, double maxFrames, Func<FloatMatrix, FloatMatrix> transform)
{
    /// <summary>Makes the batches; the last one is marked.</summary>
    /// <param name="buffer">The features.</param>
    /// <param name="source">Joins them with their targets.</param>
    public IEnumerable<SequenceBatch> Batches(LengthBuffer buffer, UtteranceSource source) =>
        SequencePacker.MarkLast(Group(buffer, source));

    private IEnumerable<SequenceBatch> Group(LengthBuffer buffer, UtteranceSource source)
    {
        var group = new List<SequencePiece>();
        using var utterances = source.Read(buffer).GetEnumerator();
        while (utterances.MoveNext())
        {
            var utterance = utterances.Current;
            var features = transform(utterance.UsedFeatures());
            group.Add(new(features, utterance.Targets, utterance.Weights, 0, features.Rows) { Begins = true });
            if (group.Count < streams && group.Max(piece => piece.Count) * (group.Count + 1L) <= maxFrames)
                continue;

            yield return Whole(group);
            group.Clear();
            buffer.Redraw();
        }

        if (group.Count > 0)
            yield return Whole(group);
    }

    private static SequenceBatch Whole(List<SequencePiece> group) =>
        SequencePacker.Pack(group, group.Max(piece => piece.Count), carriesState: false);
}
