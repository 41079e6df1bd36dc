using Mimir.Kaldi.Matrices;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Fills a number of streams with utterances, some frames of each at a time: nnet-train-multistream.</summary>
/// <remarks>
/// Each stream at the end of its utterance takes the next one, the first stream first. When a stream finds none, the epoch ends
/// and the frames left in the others are dropped, as in Kaldi, which avoids training on the last utterances only.
/// </remarks>
/// <param name="streams">The number of streams.</param>
/// <param name="frames">The most frames of a stream in a batch.</param>
/// <param name="transform">The feature transform.</param>
internal sealed class StreamFiller(int streams, int frames, Func<FloatMatrix, FloatMatrix> transform)
{
    /// <summary>Makes the batches; the last one is marked.</summary>
    public IEnumerable<SequenceBatch> Batches(IEnumerable<TrainingUtterance> utterances) =>
        SequencePacker.MarkLast(Fill(utterances));

    private IEnumerable<SequenceBatch> Fill(IEnumerable<TrainingUtterance> utterances)
    {
        var current = new SequencePiece[streams];
        using var source = utterances.GetEnumerator();
        while (true)
        {
            for (var stream = 0; stream < streams; stream++)
            {
                var piece = current[stream];
                if (piece.Count == 0 || piece.First + piece.Count == piece.Features.Rows)
                {
                    if (!source.MoveNext())
                        yield break;

                    var utterance = source.Current;
                    piece = new(transform(utterance.UsedFeatures()), utterance.Targets, utterance.Weights, 0, 0) { Stream = stream };
                }

                var first = piece.First + piece.Count;
                current[stream] = piece with { First = first, Count = Math.Min(frames, piece.Features.Rows - first), Begins = first == 0 };
            }

            yield return SequencePacker.Pack(current, frames, carriesState: true);
        }
    }
}
