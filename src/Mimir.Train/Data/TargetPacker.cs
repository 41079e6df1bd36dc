using Mimir.Core.Losses;
using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Data;

/// <summary>An utterance that takes part.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Matrix">Its features.</param>
/// <param name="Frames">How many of its frames take part, from the first.</param>
/// <param name="Targets">Their targets, or null for features alone.</param>
internal sealed record PackedUtterance(string Id, FloatMatrix Matrix, int Frames, UtteranceTargets? Targets);

/// <summary>Lays the targets of utterances one after another.</summary>
internal static class TargetPacker
{
    public static FrameTargets Lay(IReadOnlyList<PackedUtterance> packed)
    {
        var weights = packed.Any(entry => entry.Targets is { FrameWeights: not null } or { Weight: not 1 })
            ? packed.SelectMany(WeightsOf).ToArray()
            : null;
        if (packed.All(entry => entry.Targets?.Posterior is null))
            return FrameTargets.FromClasses([.. packed.SelectMany(entry => (entry.Targets?.Classes ?? []).Take(entry.Frames))], weights);

        var targets = new SoftTargetsBuilder();
        foreach (var entry in packed)
        {
            for (var frame = 0; frame < entry.Frames && entry.Targets?.Posterior is { } posterior; frame++)
                targets.AddFrame(posterior.Indices(frame), posterior.Weights(frame));
        }

        return FrameTargets.FromShares(targets.Build(), weights);
    }

    private static IEnumerable<float> WeightsOf(PackedUtterance entry)
    {
        var weight = entry.Targets?.Weight ?? 1;
        return entry.Targets?.FrameWeights is { } frames
            ? frames.Take(entry.Frames).Select(frame => frame * weight)
            : Enumerable.Repeat(weight, entry.Frames);
    }
}
