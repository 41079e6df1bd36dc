using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Alignment;

/// <summary>A word of an aligned utterance, or the silence between two.</summary>
/// <param name="Word">The word; 0 for what belongs to no word, such as optional silence.</param>
/// <param name="FirstFrame">Its first frame.</param>
/// <param name="Frames">Its length in frames.</param>
/// <param name="Phones">Its phones.</param>
public sealed record WordSegment(int Word, int FirstFrame, int Frames, IReadOnlyList<PhoneSegment> Phones);
