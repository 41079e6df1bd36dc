using Mimir.Decode.Lattices;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Packages;

namespace Mimir.Train.Transcription;

/// <summary>Finds when the words of a best path begin and end. Thread-safe.</summary>
/// <remarks>
/// With the table of pronunciations that Kaldi's graphs bring (phones/align_lexicon.int) words end with their last phone and silence
/// is of no word. Without it a word begins where the graph says it, and ends with the next one.
/// </remarks>
internal sealed class WordTimes(SpeechModel model)
{
    private readonly PathWords _graph = new(model.Graph.Graph, model.Transitions.TransitionCount);

    /// <summary>The first frame of each word and the one behind its last; null where they cannot be told.</summary>
    /// <param name="path">The path.</param>
    public IReadOnlyList<(int Begin, int End)>? Find(LatticePath path) => ByLexicon(path) ?? ByGraph(path);

    private List<(int Begin, int End)>? ByLexicon(LatticePath path)
    {
        var phones = PhoneSegment.Split([.. path.Alignment], model.Transitions);
        return model.Words?.Split(phones, path.Words)?
            .Where(segment => segment.Word != 0)
            .Select(segment => (segment.FirstFrame, segment.FirstFrame + segment.Frames))
            .ToList();
    }

    private List<(int Begin, int End)>? ByGraph(LatticePath path)
    {
        if (_graph.Find(path.Alignment) is not { } words || !words.Select(word => word.Word).SequenceEqual(path.Words))
            return null;

        return [.. words.Select((word, i) => (word.Frame, i + 1 < words.Count ? words[i + 1].Frame : path.Alignment.Count))];
    }
}
