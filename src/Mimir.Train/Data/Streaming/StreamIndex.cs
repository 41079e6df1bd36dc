using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Streaming;

/// <summary>The utterances of a streamed set that take part: their lengths and classes, and the others with the reason.</summary>
/// <param name="Utterances">The utterances.</param>
/// <param name="Lengths">The frames of each.</param>
/// <param name="FirstFrames">The first frame of each, and at the end the number of frames.</param>
/// <param name="Dim">The values of a plain frame.</param>
/// <param name="Classes">The class of each frame.</param>
/// <param name="Drops">The utterances that take no part.</param>
internal sealed record StreamIndex(
    Utterance[] Utterances, int[] Lengths, int[] FirstFrames, int Dim, ClassFile Classes, DropReport Drops)
{
    /// <summary>Looks at each utterance, and at all alignments once.</summary>
    /// <param name="set">The set's name, for messages.</param>
    /// <param name="utterances">Its utterances.</param>
    /// <param name="features">Their features.</param>
    /// <param name="alignments">Each alignment: utterance and transition-ids.</param>
    /// <param name="pdfs">The class of each transition-id.</param>
    /// <param name="rules">The tolerance of lengths, the share that may be dropped, and the threads.</param>
    /// <param name="count">The number of classes.</param>
    /// <param name="classes">Receives the classes.</param>
    /// <param name="progress">Receives the number of utterances looked at.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">
    /// A class is out of range, the alignments are damaged, too much cannot be used, or there are more frames than 2^31.
    /// </exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static StreamIndex Make(
        string set,
        IReadOnlyList<Utterance> utterances,
        IUtteranceFeatures features,
        IEnumerable<KeyValuePair<string, int[]>> alignments,
        int[] pdfs,
        TrainRecipe rules,
        int count,
        ClassFile.Writer classes,
        Action<int> progress,
        CancellationToken cancellation)
    {
        var sizes = new (int Frames, Drop? Drop)[utterances.Count];
        var done = 0;
        foreach (var size in OrderedParallel.Select(utterances, features.Count, rules.Threads, cancellation))
        {
            sizes[done++] = size;
            progress(done);
        }

        var places = PlacesOf(utterances);
        var (starts, lengths) = (new long[utterances.Count], new int[utterances.Count]);
        foreach (var (id, transitions) in alignments)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!places.TryGetValue(id, out var place) || sizes[place].Drop is not null)
                continue;

            if (LengthRule.CommonLength(rules.LengthTolerance, sizes[place].Frames, transitions.Length) is not { } frames)
            {
                sizes[place].Drop = new(
                    id, DropReason.LengthMismatch, $"{sizes[place].Frames} frames of features, {transitions.Length} of alignment");
                continue;
            }

            var own = Array.ConvertAll(transitions[..frames], transition => pdfs[transition]);
            CheckClasses(set, id, own, count);
            (starts[place], lengths[place]) = (classes.Add(own), frames);
        }

        return Gather(set, utterances, features, sizes, starts, lengths, classes, rules.MaxDropped);
    }

    private static StreamIndex Gather(
        string set, IReadOnlyList<Utterance> utterances, IUtteranceFeatures features, (int Frames, Drop? Drop)[] counts,
        long[] starts, int[] lengths, ClassFile.Writer classes, double maxDropped)
    {
        var drops = new List<Drop>();
        var kept = new List<int>();
        for (var place = 0; place < utterances.Count; place++)
        {
            if (counts[place].Drop is { } drop)
                drops.Add(drop);
            else if (lengths[place] == 0)
                drops.Add(new(utterances[place].Id, DropReason.NoAlignment, "it is not in the alignments"));
            else
                kept.Add(place);
        }

        var report = new DropReport(set, utterances.Count, drops);
        report.Check(maxDropped);
        var frames = kept.Sum(place => (long)lengths[place]);
        if (frames > int.MaxValue)
        {
            throw new InputException(
                $"set '{set}': {frames} frames, a run numbers at most {int.MaxValue}; train on a part of it (corpus.{set}.utterances).");
        }

        int[] own = [.. kept.Select(place => lengths[place])];
        var first = UtteranceOrder.FirstRows(own);
        return new(
            [.. kept.Select(place => utterances[place])], own, first, features.Read(utterances[kept[0]]).Columns,
            classes.Finish(first, [.. kept.Select(place => starts[place])]), report);
    }

    private static Dictionary<string, int> PlacesOf(IReadOnlyList<Utterance> utterances)
    {
        var places = new Dictionary<string, int>(utterances.Count, StringComparer.Ordinal);
        for (var place = 0; place < utterances.Count; place++)
            places.Add(utterances[place].Id, place);

        return places;
    }

    private static void CheckClasses(string set, string id, int[] own, int classes)
    {
        var wrong = Array.FindIndex(own, target => target < 0 || target >= classes);
        if (wrong >= 0)
            throw FramePacker.WrongClass(set, id, wrong, own[wrong], classes);
    }
}
