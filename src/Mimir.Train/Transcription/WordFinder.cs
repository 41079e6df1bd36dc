using Mimir.Decode.Lattices;
using Mimir.Decode.Lattices.Confidence;
using Mimir.Train.Packages;

namespace Mimir.Train.Transcription;

/// <summary>Finds the words of a lattice's best path with their times and confidences. Thread-safe.</summary>
/// <param name="model">Words, weights and the length of a frame.</param>
internal sealed class WordFinder(SpeechModel model)
{
    private readonly double _frameShift = model.Extractor.Options.Frame.FrameShift / 1000.0;
    private readonly HashSet<string> _left = [.. model.Recipe.Decode.LeaveOut];
    private readonly WordTimes _times = new(model);

    /// <summary>The words of the best path; none where nothing survived the search.</summary>
    /// <param name="lattice">The lattice, acoustic costs unscaled.</param>
    /// <param name="start">The time of its first frame, in seconds.</param>
    /// <param name="end">The end of the segment, in seconds.</param>
    public IReadOnlyList<TranscribedWord> Find(WordLattice lattice, double start, double end)
    {
        var search = model.Recipe.Decode;
        var weighted = lattice.Scale(new(1, 1 / search.LmWeight)).AddPenalty((float)search.WordInsertionPenalty);
        if (BestPath.Find(weighted, 1) is not { } best)
            return [];

        // Confidences are those of the best path's words; the average times of the lattice serve where no others are known.
        var confident = MinimumBayesRisk.Decode(weighted, new() { Decode = false }, best.Words).Words;
        var times = _times.Find(best);
        return
        [
            .. confident.Select((word, i) => new TranscribedWord(
                model.Graph.Words.SymbolOf(word.Word),
                Time(times?[i].Begin ?? word.Begin),
                Time(times?[i].End ?? word.End),
                Math.Clamp(word.Confidence, 0, 1)))
                .Where(word => !_left.Contains(word.Text)),
        ];

        double Time(float frame) => Math.Min(end, start + (frame * _frameShift));
    }
}
