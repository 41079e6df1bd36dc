using System.Collections.Concurrent;
using Mimir.Features.Signal;

namespace Mimir.Features.Augmentation;

/// <summary>Transforms by length, each prepared once: impulse responses are many, their lengths few.</summary>
internal static class FftPlans
{
    private static readonly ConcurrentDictionary<int, RealFft<float>> Plans = new();

    /// <summary>The transform of a length, for any number of threads.</summary>
    public static RealFft<float> Of(int length) => Plans.GetOrAdd(length, static n => new RealFft<float>(n));
}
