using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Decode.Alignment;
using Mimir.Decode.Building;
using Mimir.Kaldi.Tables;

namespace Mimir.Train.Alignment;

/// <summary>Writes the results of an alignment into a folder.</summary>
/// <param name="folder">The folder.</param>
/// <param name="language">The names of words and phones.</param>
/// <param name="frameShift">The step from frame to frame in seconds.</param>
/// <param name="textGrids">Write a TextGrid of each utterance.</param>
internal sealed class AlignmentFiles(string folder, LangLexicon language, double frameShift, bool textGrids) : IDisposable
{
    private readonly TableWriter<int[]> _alignments = KaldiTables.IntVector.Create($"ark:{Path.Combine(folder, "ali.1.gz")}");
    private readonly TableWriter<float[]> _confidences = KaldiTables.FloatVector.Create($"ark:{Path.Combine(folder, "confidence.ark")}");
    private readonly StringBuilder _words = new();
    private readonly StringBuilder _phones = new();

    // Times have as many decimals as frames need.
    private readonly string _format = Math.Abs((frameShift * 100) - Math.Round(frameShift * 100)) < 1e-6 ? "F2" : "F3";

    /// <summary>Writes an utterance.</summary>
    public void Write(ScoredAlignment aligned)
    {
        _alignments.Write(aligned.Utterance, aligned.Path.Transitions);
        _confidences.Write(aligned.Utterance, aligned.Confidences);
        foreach (var word in aligned.Words.Where(word => word.Segment.Word != 0))
        {
            var name = language.Words.SymbolOf(word.Segment.Word);
            Append(_words, aligned.Utterance, word.Segment.FirstFrame, word.Segment.Frames, name, word.Confidence);
        }

        var frame = 0;
        foreach (var phone in aligned.Phones)
        {
            var confidence = ScoredAlignment.Mean(aligned.Confidences, frame, phone.Frames);
            Append(_phones, aligned.Utterance, frame, phone.Frames, language.Phones.SymbolOf(phone.Phone), confidence);
            frame += phone.Frames;
        }

        if (textGrids)
            WriteTextGrid(aligned);
    }

    /// <summary>Writes what is known at the end.</summary>
    public void Finish(IReadOnlyList<AlignmentScore> scores, IReadOnlyList<(string Utterance, string Reason)> failures)
    {
        WriteText("words.ctm", _words.ToString());
        WriteText("phones.ctm", _phones.ToString());
        WriteText("num_jobs", "1\n");
        var lines = new StringBuilder("utterance\tscore\tweakest-word\tmean-confidence\tlog-likelihood\tunknown-words\n");
        foreach (var score in scores.OrderBy(score => score.Score).ThenBy(score => score.Utterance, StringComparer.Ordinal))
        {
            lines.Append(CultureInfo.InvariantCulture, $"{score.Utterance}\t{score.Score:F4}\t{score.WeakestWord}\t")
                .Append(CultureInfo.InvariantCulture, $"{score.MeanConfidence:F4}\t{score.LogLikelihood:F4}\t")
                .Append(CultureInfo.InvariantCulture, $"{string.Join(' ', score.Lacking)}\n");
        }

        WriteText("scores.tsv", lines.ToString());
        WriteText("failed.tsv", string.Concat(failures.Select(failure => $"{failure.Utterance}\t{failure.Reason}\n")));
    }

    /// <summary>Leaves no tables, after a failure.</summary>
    public void Discard()
    {
        _alignments.Discard();
        _confidences.Discard();
    }

    public void Dispose()
    {
        _alignments.Dispose();
        _confidences.Dispose();
    }

    private void WriteTextGrid(ScoredAlignment aligned)
    {
        var words = aligned.Words.Select(word => (
            (word.Segment.FirstFrame + word.Segment.Frames) * frameShift,
            word.Segment.Word == 0 ? "" : language.Words.SymbolOf(word.Segment.Word)));
        var (ends, frame) = (new List<(double, string)>(), 0);
        foreach (var phone in aligned.Phones)
            ends.Add(((frame += phone.Frames) * frameShift, language.Phones.SymbolOf(phone.Phone)));

        var place = Path.Combine(folder, "textgrid", $"{aligned.Utterance.Replace('/', '_')}.TextGrid");
        TextGrid.Write(
            place, aligned.Path.Transitions.Length * frameShift, new TextGridTier("words", [.. words]), new TextGridTier("phones", ends));
    }

    private void Append(StringBuilder lines, string utterance, int frame, int frames, string name, float confidence)
    {
        string Seconds(int number) => (number * frameShift).ToString(_format, CultureInfo.InvariantCulture);
        lines.Append(CultureInfo.InvariantCulture, $"{utterance} 1 {Seconds(frame)} {Seconds(frames)} {name} {confidence:F2}\n");
    }

    private void WriteText(string file, string text) => AtomicFile.Write(
        Path.Combine(folder, file), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}

/// <summary>The score of an utterance's transcript.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Score">The confidence of the weakest word or silence, from 0 to 1.</param>
/// <param name="WeakestWord">That word; <c>(silence)</c> for a silence, empty where there is neither.</param>
/// <param name="MeanConfidence">The mean confidence of the frames of words, from 0 to 1.</param>
/// <param name="LogLikelihood">The acoustic log-likelihood of a frame, in the mean.</param>
/// <param name="Lacking">The words that the lexicon lacks.</param>
public sealed record AlignmentScore(
    string Utterance, float Score, string WeakestWord, float MeanConfidence, float LogLikelihood, IReadOnlyList<string> Lacking)
{
    /// <summary>The word of a silence.</summary>
    internal const string Silence = "(silence)";
}
