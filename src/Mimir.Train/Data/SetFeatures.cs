using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Data;

/// <summary>The features of a set, utterance by utterance, before they are packed.</summary>
/// <param name="Utterances">The utterances that have features.</param>
/// <param name="Matrices">Their features <c>[T, D]</c>, in the same order.</param>
/// <param name="Total">The utterances that were asked for.</param>
/// <param name="Drops">Those that have no features.</param>
public sealed record SetFeatures(
    IReadOnlyList<Utterance> Utterances, FloatMatrix[] Matrices, int Total, IReadOnlyList<Drop> Drops);
