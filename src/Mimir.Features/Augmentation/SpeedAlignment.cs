using Mimir.Features.Signal;

namespace Mimir.Features.Augmentation;

/// <summary>Says which frame of an utterance a frame of the same utterance at another speed shows.</summary>
public static class SpeedAlignment
{
    /// <summary>
    /// Maps the centres of frames: the centre c of frame t shows what was at f c, which belongs to the frame whose centre
    /// is nearest; beyond the ends it is the first or the last.
    /// </summary>
    /// <param name="frames">The frames at the new speed.</param>
    /// <param name="originals">The frames at the old speed, 1 or more.</param>
    /// <param name="factor">The factor of speed.</param>
    /// <param name="options">How waves are cut into frames.</param>
    /// <returns>For each frame at the new speed, the frame at the old one.</returns>
    public static int[] Map(int frames, int originals, double factor, FrameOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frames);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(originals);
        var first = options.FirstSample(0) + (options.WindowSize / 2.0);
        var map = new int[frames];
        for (var t = 0; t < frames; t++)
        {
            var centre = factor * (first + ((double)t * options.WindowShift));
            var nearest = Math.Round((centre - first) / options.WindowShift, MidpointRounding.AwayFromZero);
            map[t] = (int)Math.Clamp(nearest, 0, originals - 1);
        }

        return map;
    }
}
