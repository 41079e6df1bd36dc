using Mimir.Decode.Lattices;
using Mimir.Train.Packages;

namespace Mimir.Train.Transcription;

/// <summary>Finds the words of a lattice with their times.</summary>
/// <param name="model">Words, weights and the length of a frame.</param>
internal sealed class WordFinder(SpeechModel model)
{
    private readonly double _frameShift = model.Extractor.Options.Frame.FrameShift / 1000;

    /// <summary>The words of the best path.</summary>
    /// <param name="lattice">The lattice, acoustic costs unscaled.</param>
    /// <param name="start">The time of its first frame, in seconds.</param>
    /// <param name="end">The end of the segment, in seconds.</param>
    public IReadOnlyList<TranscribedWord> Find(WordLattice lattice, double start, double end)
    {
        var (scale, penalty) = ((float)(1 / model.Recipe.Decode.LmWeight), (float)model.Recipe.Decode.WordInsertionPenalty);
        if (BestPath.Find(lattice, scale, penalty) is not { } best)
            return [];

        var length = best.Alignment.Count / (double)Math.Max(1, best.Words.Count);
        return [.. best.Words.Select((word, i) => new TranscribedWord(
            model.Graph.Words.SymbolOf(word), Time(i), Time(i + 1), 1))];

        double Time(int word) => Math.Min(end, start + (word * length * _frameShift));
    }
}
