using Mimir.Kaldi.Alignments;
using Mimir.Train.Data;

namespace Mimir.Train.Sequences;

/// <summary>The transition-ids that the frames of a set are aligned with.</summary>
internal sealed class SequenceReferences
{
    private readonly int[] _transitions;

    /// <summary>Lays the alignments out as the frames of the set.</summary>
    /// <param name="corpus">The set; all of its utterances are aligned.</param>
    /// <param name="alignments">The alignments.</param>
    public SequenceReferences(IFrameSet corpus, AlignmentSet alignments)
    {
        Corpus = corpus;
        _transitions = new int[corpus.Frames];
        for (var utterance = 0; utterance < corpus.Lengths.Length; utterance++)
        {
            alignments.TransitionsOf(corpus.Utterances[utterance])[..corpus.Lengths[utterance]]
                .CopyTo(_transitions.AsSpan(corpus.FirstFrame(utterance)));
        }
    }

    /// <summary>Gets the set.</summary>
    public IFrameSet Corpus { get; }

    /// <summary>The transition-ids of an utterance.</summary>
    /// <param name="utterance">Its place in the set.</param>
    public int[] Of(int utterance) =>
        _transitions[Corpus.FirstFrame(utterance)..(Corpus.FirstFrame(utterance) + Corpus.Lengths[utterance])];

    /// <summary>The transition-ids of some rows of a batch.</summary>
    /// <param name="setFrames">The frame of the set that each row of the batch has its target of.</param>
    /// <param name="rows">The rows.</param>
    public int[] Of(ReadOnlySpan<int> setFrames, int[] rows)
    {
        var transitions = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            transitions[i] = _transitions[setFrames[rows[i]]];

        return transitions;
    }
}
