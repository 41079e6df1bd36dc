using Mimir.Kaldi.Matrices;

namespace Mimir.Train.Transcription.Streaming;

/// <summary>The neighbours of a frame that an output depends on.</summary>
/// <param name="Before">The frames before it; <see cref="Whole"/> for all.</param>
/// <param name="After">The frames after it; <see cref="Whole"/> for all.</param>
internal readonly record struct FrameReach(int Before, int After)
{
    /// <summary>The value of all frames of an utterance.</summary>
    public const int Whole = int.MaxValue / 2;

    private const int Frames = 300;
    private const int Far = 100;
    private const int Probes = 8;

    /// <summary>
    /// Finds the reach of a function by trial: frames in the middle of noise are changed, and the outputs looked at that change with
    /// them. It serves all architectures. An influence over more than 100 frames counts as that of all.
    /// </summary>
    /// <param name="dimension">The number of values of a frame.</param>
    /// <param name="apply">The function: as many rows out as in.</param>
    public static FrameReach Find(int dimension, Func<FloatMatrix, FloatMatrix> apply)
    {
        var random = new Random(1);
        var frames = new FloatMatrix(Frames, dimension, Noise(random, Frames * dimension));
        var plain = apply(frames);
        var (before, after) = (0, 0);
        for (var probe = 0; probe < Probes; probe++)
        {
            // Unequal distances, so that the edges of chunks lie at different places.
            var changed = Far + 20 + (7 * probe);
            var other = new FloatMatrix(Frames, dimension, [.. frames.Data]);
            Noise(random, dimension).CopyTo(other.Row(changed));
            var output = apply(other);
            for (var frame = 0; frame < Frames; frame++)
            {
                if (output.Row(frame).SequenceEqual(plain.Row(frame)))
                    continue;

                before = Math.Max(before, frame - changed);
                after = Math.Max(after, changed - frame);
            }
        }

        return new(before > Far ? Whole : before, after > Far ? Whole : after);
    }

    private static float[] Noise(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 6) - 3))];
}
