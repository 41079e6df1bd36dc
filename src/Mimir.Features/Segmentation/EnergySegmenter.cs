using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Features.Extraction;

namespace Mimir.Features.Segmentation;

/// <summary>Options of <see cref="EnergySegmenter"/>; times are in seconds.</summary>
public sealed record EnergySegmenterOptions
{
    /// <summary>Longest segment; a longer stretch of speech is cut at its quietest places.</summary>
    [Option("max-segment", Min = 1, Max = 3600)]
    public double MaxSegment { get; init; } = 30;

    /// <summary>Shortest silence that parts two segments.</summary>
    [Option("min-silence", Min = 0.05, Max = 60)]
    public double MinSilence { get; init; } = 0.5;

    /// <summary>Shortest speech; what is shorter counts as a click.</summary>
    [Option("min-speech", Min = 0, Max = 10)]
    public double MinSpeech { get; init; } = 0.1;

    /// <summary>Silence that is kept on either side of speech.</summary>
    [Option("padding", Min = 0, Max = 10)]
    public double Padding { get; init; } = 0.25;

    /// <summary>Decision between speech and silence.</summary>
    [IncludeOptions]
    public EnergyVadOptions Vad { get; init; } = new() { Context = 5, Proportion = 0.2f };
}

/// <summary>A part of a recording.</summary>
/// <param name="First">Its first sample.</param>
/// <param name="Count">Its number of samples.</param>
public readonly record struct SampleRange(long First, long Count);

/// <summary>Cuts a long recording into segments: at silences, and where there are none at the quietest places.</summary>
/// <remarks>
/// Silence is what <see cref="EnergyVad"/>, Kaldi's compute-vad, takes for it. A stretch of speech that is too long is cut in the
/// second half of what may be one segment, in the middle of the 0.2 s of least mean log energy; segments touch there.
/// </remarks>
public static class EnergySegmenter
{
    // Frames on either side of a frame whose energies are averaged to find a quiet place.
    private const int Reach = 10;

    /// <summary>Cuts a recording.</summary>
    /// <param name="energies">The energies of its frames.</param>
    /// <param name="samples">Its length in samples.</param>
    /// <param name="options">Lengths and thresholds.</param>
    /// <returns>The segments in their order; none where nothing is speech.</returns>
    /// <exception cref="InputException">An option is out of range.</exception>
    public static IReadOnlyList<SampleRange> Cut(FrameEnergies energies, long samples, EnergySegmenterOptions options)
    {
        Option.CheckRanges(options);
        if (energies.Count == 0)
            return [];

        var features = energies.ToMatrix();
        var speech = Speech(EnergyVad.Decide(features, options.Vad), FramesOf(options.MinSpeech), FramesOf(options.MinSilence));
        var quietness = Smooth(features.Data);
        var ranges = new List<SampleRange>();
        foreach (var (first, end) in Padded(speech, FramesOf(options.Padding), energies.Count))
        {
            foreach (var part in Parts(first, end, FramesOf(options.MaxSegment), quietness))
                ranges.Add(Samples(part.First, part.End, energies, samples));
        }

        return ranges;
    }

    private static int FramesOf(double seconds) => (int)Math.Round(seconds * 100);

    // The runs of speech: short ones are left out, short silences between the others are bridged.
    private static List<(int First, int End)> Speech(float[] decisions, int shortest, int silence)
    {
        var runs = new List<(int First, int End)>();
        for (var frame = 0; frame < decisions.Length;)
        {
            var end = frame;
            while (end < decisions.Length && decisions[end] > 0)
                end++;

            if (end - frame >= Math.Max(shortest, 1))
            {
                if (runs is [.., var last] && frame - last.End < silence)
                    runs[^1] = (last.First, end);
                else
                    runs.Add((frame, end));
            }

            frame = Math.Max(end, frame + 1);
        }

        return runs;
    }

    // Padding takes at most half of a silence, so that segments never overlap.
    private static IEnumerable<(int First, int End)> Padded(List<(int First, int End)> runs, int padding, int frames)
    {
        for (var i = 0; i < runs.Count; i++)
        {
            var before = i == 0 ? 0 : runs[i].First - ((runs[i].First - runs[i - 1].End) / 2);
            var after = i == runs.Count - 1 ? frames : runs[i].End + ((runs[i + 1].First - runs[i].End + 1) / 2);
            yield return (Math.Max(before, runs[i].First - padding), Math.Min(after, runs[i].End + padding));
        }
    }

    private static IEnumerable<(int First, int End)> Parts(int first, int end, int longest, float[] quietness)
    {
        while (end - first > longest)
        {
            var cut = first + (longest / 2);
            for (var frame = cut; frame <= first + longest; frame++)
            {
                if (quietness[frame] < quietness[cut])
                    cut = frame;
            }

            yield return (first, cut);
            first = cut;
        }

        yield return (first, end);
    }

    // The mean over a frame and its neighbours, as far as there are any.
    private static float[] Smooth(float[] energies)
    {
        var sums = new double[energies.Length + 1];
        for (var frame = 0; frame < energies.Length; frame++)
            sums[frame + 1] = sums[frame] + energies[frame];

        var smooth = new float[energies.Length];
        for (var frame = 0; frame < energies.Length; frame++)
        {
            var (from, to) = (Math.Max(0, frame - Reach), Math.Min(energies.Length, frame + Reach + 1));
            smooth[frame] = (float)((sums[to] - sums[from]) / (to - from));
        }

        return smooth;
    }

    // A frame stands for the samples from its middle on; the last one for all that are left.
    private static SampleRange Samples(int first, int end, FrameEnergies energies, long samples)
    {
        var from = Place(first);
        return new(from, Place(end) - from);

        long Place(int frame) => frame == 0 ? 0
            : frame == energies.Count ? samples
            : Math.Min(samples, ((long)frame * energies.Shift) + (energies.SampleRate / 80));
    }
}
