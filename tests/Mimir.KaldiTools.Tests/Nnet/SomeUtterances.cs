using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Matrices;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Tests.Nnet;

/// <summary>Utterances whose frames carry 100 times the utterance and their own number as feature, target and weight.</summary>
internal static class SomeUtterances
{
    public static List<TrainingUtterance> Of(params int[] lengths) => [.. lengths.Select(Of)];

    public static IEnumerable<KeyValuePair<string, FloatMatrix>> Features(params int[] lengths) =>
        Of(lengths).Select(utterance => KeyValuePair.Create(utterance.Key, utterance.Features));

    /// <summary>What a batch holds, as text: the rows of each step.</summary>
    public static string Text(SequenceBatch batch)
    {
        var text = new List<string>();
        var row = 0;
        for (var step = 0; step < batch.Lengths[0]; step++)
        {
            var rows = batch.Lengths.Count(length => length > step);
            text.Add(string.Join(' ', batch.Features.Skip(row).Take(rows)));
            row += rows;
        }

        return string.Join(" | ", text);
    }

    private static TrainingUtterance Of(int length, int utterance)
    {
        int[] numbers = [.. Enumerable.Range(utterance * 100, length)];
        return new(
            $"utt{utterance}",
            new FloatMatrix(length, 1, [.. numbers.Select(n => (float)n)]),
            Posterior.FromLabels(numbers),
            [.. numbers.Select(n => n + 0.5f)]);
    }
}
