using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.KaldiTools.Bin;

/// <summary>Checks of alignments and posteriors against a model, and posteriors made frame by frame.</summary>
internal static class Posteriors
{
    /// <summary>Checks that a model has the transition-ids of an alignment.</summary>
    /// <exception cref="InputException">It does not have one of them.</exception>
    public static void Check(TransitionModel model, string key, ReadOnlySpan<int> transitions)
    {
        for (var frame = 0; frame < transitions.Length; frame++)
            Check(model, key, frame, transitions[frame]);
    }

    /// <summary>Checks that a model has the transition-ids of a posterior.</summary>
    /// <exception cref="InputException">It does not have one of them.</exception>
    public static void Check(TransitionModel model, string key, Posterior posterior)
    {
        for (var frame = 0; frame < posterior.Frames; frame++)
        {
            foreach (var index in posterior.Indices(frame))
                Check(model, key, frame, index);
        }
    }

    /// <summary>Makes a posterior from another, frame by frame.</summary>
    /// <param name="posterior">The posterior.</param>
    /// <param name="map">Turns a frame and its pairs into new pairs.</param>
    public static Posterior MapFrames(
        this Posterior posterior, Func<int, (int Index, float Weight)[], IEnumerable<(int Index, float Weight)>> map)
    {
        var builder = new PosteriorBuilder();
        for (var frame = 0; frame < posterior.Frames; frame++)
        {
            foreach (var (index, weight) in map(frame, [.. posterior.Indices(frame).ToArray().Zip(posterior.Weights(frame).ToArray())]))
                builder.Add(index, weight);

            builder.EndFrame();
        }

        return builder.Build();
    }

    /// <summary>Adds up the weights of a frame's transition-ids by their distributions.</summary>
    /// <returns>The distributions in rising order; those of weight 0 are left out.</returns>
    public static IEnumerable<(int Index, float Weight)> SumByPdf(TransitionModel model, Posterior posterior, int frame)
    {
        var ids = posterior.Indices(frame);
        var weights = posterior.Weights(frame);
        if (ids.Length == 1)
            return weights[0] == 0 ? [] : [(model.PdfOf(ids[0]), weights[0])];

        var sums = new SortedDictionary<int, float>();
        for (var i = 0; i < ids.Length; i++)
            sums[model.PdfOf(ids[i])] = sums.GetValueOrDefault(model.PdfOf(ids[i])) + weights[i];

        return sums.Where(sum => sum.Value != 0).Select(sum => (sum.Key, sum.Value));
    }

    private static void Check(TransitionModel model, string key, int frame, int id)
    {
        if (id < 1 || id > model.TransitionCount)
        {
            throw new InputException(
                $"utterance '{key}', frame {frame}: expected a transition-id from 1 to {model.TransitionCount}, got {id}; is this "
                + "of another model?");
        }
    }
}
