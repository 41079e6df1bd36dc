using System.Globalization;
using System.Runtime.InteropServices;

namespace Mimir.Decode.Language;

/// <summary>The perplexity of a text under a model.</summary>
/// <param name="Sentences">Its sentences; the end of each is predicted.</param>
/// <param name="Words">Its words.</param>
/// <param name="Unknown">The words that the model lacks; they are not predicted, and no history reaches over them unless the model has a
/// word for them.</param>
/// <param name="LogProbability">The sum of the logarithms to base 10.</param>
public sealed record Perplexity(long Sentences, long Words, long Unknown, double LogProbability)
{
    /// <summary>Gets the perplexity: 10 to the mean negative logarithm of a predicted word or end of a sentence.</summary>
    public double Value => Math.Pow(10, -LogProbability / (Words - Unknown + Sentences));

    /// <summary>Measures a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text; without words there is no perplexity.</param>
    /// <param name="unknown">The model's word for words that it lacks.</param>
    public static Perplexity Of(NgramModel model, NgramText text, string unknown = "<unk>")
    {
        var substitute = model.Words.Find(unknown);
        var end = model.Words.Find(NgramModel.End);
        var map = new int[text.Words.Count];
        foreach (var (word, label) in text.Words.Entries)
            map[label] = model.Words.Find(word) is > 0 and var same && same != substitute ? same : -1;

        map[0] = end;
        var history = new List<int> { model.Words.Find(NgramModel.Start) };
        var (sum, lacking) = (0.0, 0L);
        foreach (var token in text.Tokens)
        {
            var word = map[token];
            if (word < 0)
                lacking++;
            else
                sum += model.Score(CollectionsMarshal.AsSpan(history), word);

            history.Add(word < 0 && substitute > 0 ? substitute : word);
            if (token == 0)
                history.RemoveRange(1, history.Count - 1);
        }

        return new Perplexity(text.Sentences, text.WordCount, lacking, sum);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"perplexity {Value:0.00}: {Sentences} sentences, {Words} words, {Unknown} unknown, log10 probability {LogProbability:0.0}");
}
