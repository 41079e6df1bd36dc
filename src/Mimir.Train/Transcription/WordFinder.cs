using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Train.Packages;

namespace Mimir.Train.Transcription;

/// <summary>Finds the words of a lattice's best path with their times and confidences. Thread-safe.</summary>
/// <param name="model">Words, weights and the length of a frame.</param>
internal sealed class WordFinder(SpeechModel model)
{
    private readonly double _frameShift = model.Extractor.Options.Frame.FrameShift / 1000.0;

    /// <summary>The words of the best path; none where nothing survived the search.</summary>
    /// <param name="lattice">The lattice, acoustic costs unscaled.</param>
    /// <param name="start">The time of its first frame, in seconds.</param>
    /// <param name="end">The end of the segment, in seconds.</param>
    public IReadOnlyList<TranscribedWord> Find(WordLattice lattice, double start, double end)
    {
        if (lattice.StateCount == 0)
            return [];

        var search = model.Recipe.Decode;
        var weighted = lattice.Scale(new(1, 1 / search.LmWeight)).AddPenalty((float)search.WordInsertionPenalty);
        var found = MinimumBayesRisk.Decode(weighted, new() { Decode = false });
        return [.. found.Words.Select(word => new TranscribedWord(
            model.Graph.Words.SymbolOf(word.Word), Time(word.Begin), Time(word.End), Math.Clamp(word.Confidence, 0, 1)))];

        double Time(float frame) => Math.Min(end, start + (frame * _frameShift));
    }
}
