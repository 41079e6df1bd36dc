namespace Mimir.Decode.Language;

/// <summary>Removes the n-grams that change a model least.</summary>
/// <remarks>
/// Stolcke, Entropy-based Pruning of Backoff Language Models (1998): an n-gram goes when the perplexity of the model's own distribution
/// would rise by a smaller share than the threshold. Longer n-grams first; each is judged alone, against the weights before pruning. An
/// n-gram that begins a longer one stays.
/// </remarks>
public static class EntropyPruning
{
    private const double FullHistory = 1e-5;

    /// <summary>Prunes a model.</summary>
    /// <param name="model">The model; it is not changed.</param>
    /// <param name="threshold">The relative change of perplexity; 1e-8 is usual for large models.</param>
    public static NgramModel Prune(NgramModel model, double threshold)
    {
        var kept = new bool[model.Order][];
        for (var level = model.Order - 1; level >= 0; level--)
        {
            kept[level] = new bool[model.Levels[level].Index.Count];
            if (level < model.Order - 1)
            {
                // What begins a longer n-gram stays.
                var longer = model.Levels[level + 1].Index;
                for (var id = 0; id < longer.Count; id++)
                    kept[level][longer.First(id)] |= kept[level + 1][id];
            }

            if (level == 0)
                Array.Fill(kept[0], true);
            else
                Judge(model, level, threshold, kept[level]);
        }

        return Backoffs.Renormalized(Rebuilt(model, kept));
    }

    // Where no word backs off, any one n-gram can be left out without a loss, but not all of them: there each is judged after those
    // before it are gone.
    private static void Judge(NgramModel model, int number, double threshold, bool[] kept)
    {
        var level = model.Levels[number];
        var masses = Backoffs.Masses(model, number);
        var isFull = Array.ConvertAll(masses, mass => 1 - mass.Shorter < FullHistory);
        var contexts = ContextProbabilities(model, number - 1);
        for (var id = 0; id < kept.Length; id++)
        {
            if (kept[id])
                continue;

            var context = level.Index.First(id);
            var (explicitMass, shorterMass) = masses[context];
            var own = Math.Pow(10, level.LogProbability[id]);
            var shorter = Math.Pow(10, Backoffs.Shorter(model, number, id));
            var oldLog = Math.Log(Math.Max(1 - explicitMass, 1e-99)) - Math.Log(Math.Max(1 - shorterMass, 1e-99));
            var newLog = Math.Log(1 - explicitMass + own) - Math.Log(1 - shorterMass + shorter);
            var change = -contexts[context]
                * ((own * (Math.Log(shorter) + newLog - Math.Log(own))) + (Math.Max(0, 1 - explicitMass) * (newLog - oldLog)));
            kept[id] = !(Math.Exp(change) - 1 < threshold);
            if (!kept[id] && isFull[context])
                masses[context] = (explicitMass - own, shorterMass - shorter);
        }
    }

    // The probability that a history comes, by the model itself; sentences begin as often as they end.
    private static double[] ContextProbabilities(NgramModel model, int number)
    {
        var level = model.Levels[number];
        var start = model.Words.Find(NgramModel.Start);
        var result = new double[level.Index.Count];
        if (number == 0)
        {
            for (var id = 0; id < result.Length; id++)
            {
                var word = level.Index.Second(id) == start ? model.Words.Find(NgramModel.End) : level.Index.Second(id);
                result[id] = Math.Pow(10, level.LogProbability[level.Index.Find(0, word)]);
            }

            return result;
        }

        var shorter = ContextProbabilities(model, number - 1);
        for (var id = 0; id < result.Length; id++)
            result[id] = shorter[level.Index.First(id)] * Math.Pow(10, level.LogProbability[id]);

        return result;
    }

    private static NgramModel Rebuilt(NgramModel model, bool[][] kept)
    {
        var levels = new List<NgramLevel>();
        var numbers = Array.Empty<int>();
        for (var number = 0; number < model.Order; number++)
        {
            var (level, before) = (new NgramLevel(), model.Levels[number]);
            var next = new int[before.Index.Count];
            for (var id = 0; id < next.Length; id++)
            {
                next[id] = level.Index.Count;
                if (kept[number][id])
                {
                    var context = number == 0 ? 0 : numbers[before.Index.First(id)];
                    level.Add(context, before.Index.Second(id), before.LogProbability[id], before.Backoff[id]);
                }
            }

            levels.Add(level);
            numbers = next;
        }

        return new NgramModel(model.Words, levels);
    }
}

/// <summary>The weights that make the probabilities after each history sum to 1.</summary>
internal static class Backoffs
{
    /// <summary>Computes all weights of a model anew, shorter histories first.</summary>
    public static NgramModel Renormalized(NgramModel model)
    {
        for (var number = 1; number < model.Order; number++)
        {
            var backoffs = model.Levels[number - 1].Backoff;
            var masses = Masses(model, number);
            for (var context = 0; context < masses.Length; context++)
            {
                var (own, shorter) = masses[context];
                backoffs[context] = own == 0
                    ? 0
                    : (float)Math.Log10(Math.Max(1 - own, 1e-99) / Math.Max(1 - shorter, 1e-99));
            }
        }

        return model;
    }

    /// <summary>
    /// For each history, the sum of the probabilities of its n-grams, and the sum of those of the same words after the shorter history.
    /// </summary>
    public static (double Own, double Shorter)[] Masses(NgramModel model, int number)
    {
        var level = model.Levels[number];
        var masses = new (double Own, double Shorter)[model.Levels[number - 1].Index.Count];
        for (var id = 0; id < level.Index.Count; id++)
        {
            ref var mass = ref masses[level.Index.First(id)];
            mass.Own += Math.Pow(10, level.LogProbability[id]);
            mass.Shorter += Math.Pow(10, Shorter(model, number, id));
        }

        return masses;
    }

    /// <summary>The logarithm of the probability of an n-gram's last word after the history without its first word.</summary>
    public static float Shorter(NgramModel model, int number, int id)
    {
        Span<int> words = stackalloc int[model.Order];
        model.WordsOf(number, id, words);
        return model.Score(words[1..number], words[number]);
    }
}
