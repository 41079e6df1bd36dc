using System.Globalization;
using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;

namespace Mimir.Features.Directories;

/// <summary>Progress of a data directory.</summary>
/// <param name="Done">Utterances that succeeded or failed.</param>
/// <param name="Total">All utterances with their copies.</param>
/// <param name="Seconds">The seconds of audio so far.</param>
public readonly record struct FeatureDirectoryProgress(int Done, int Total, double Seconds);

/// <summary>The result of a data directory.</summary>
/// <param name="Folder">The folder of the features.</param>
/// <param name="Total">The number of utterances with their copies.</param>
/// <param name="Utterances">The number of utterances with features.</param>
/// <param name="Frames">Their frames.</param>
/// <param name="Dimension">The values of a frame.</param>
/// <param name="Seconds">Their audio, in seconds.</param>
/// <param name="Failures">The number of failures and the first of them, by reason.</param>
public sealed record FeatureDirectorySummary(
    string Folder,
    int Total,
    int Utterances,
    long Frames,
    int Dimension,
    double Seconds,
    IReadOnlyDictionary<string, (int Count, string First)> Failures)
{
    /// <summary>Gets the file that lists the failures by utterance; it is there when there are any.</summary>
    public string DroppedFile => Path.Combine(Folder, DataFiles.Dropped);

    /// <summary>Gets the number of utterances whose audio is doubtful, and the first warning; null for none.</summary>
    public (int Count, string First)? Warnings { get; init; }

    /// <summary>One line: the counts, each reason of failure with its first utterance, and the warnings.</summary>
    public override string ToString()
    {
        var made = string.Create(
            CultureInfo.InvariantCulture,
            $"{Folder}: {Utterances} of {Total} utterances, {Frames} frames of {Dimension} values, {Seconds / 3600:0.00} hours");
        var failed = Failures.Count == 0 ? "" : $"; {Reasons}, all in {DroppedFile}";
        return Warnings is not { } warnings
            ? made + failed
            : $"{made}{failed}; {warnings.Count} with doubtful audio (first {warnings.First})";
    }

    internal string Reasons => string.Join(
        "; ",
        Failures.OrderByDescending(reason => reason.Value.Count)
            .Select(reason => $"{reason.Value.Count} {reason.Key} (first {reason.Value.First})"));
}

/// <summary>
/// Computes the features of a data directory on all cores: <c>feats.scp</c> and <c>feats.ark</c>, <c>cmvn.scp</c>,
/// <c>utt2num_frames</c>, <c>utt2dur</c> and the lists that belong to them, as Kaldi's make_fbank.sh, compute_cmvn_stats.sh and
/// perturb_data_dir_speed.sh together. Memory is bounded.
/// </summary>
public static class FeatureDirectory
{
    private const string BadAudio = "with audio that cannot be used";
    private const string TooShort = "shorter than a frame";

    /// <summary>Computes the features. Files appear when all are complete; after a failure there are none.</summary>
    /// <param name="options">Input, output and features.</param>
    /// <param name="progress">Receives the progress, on the caller's thread.</param>
    /// <param name="cancellation">Cancels the work.</param>
    /// <returns>The counts, and the failures within the limit.</returns>
    /// <exception cref="InputException">An option is out of range, the data is wrong, or too many utterances failed.</exception>
    /// <exception cref="IOException">A file is missing or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static FeatureDirectorySummary Make(
        FeatureDirectoryOptions options, Action<FeatureDirectoryProgress>? progress = null, CancellationToken cancellation = default)
    {
        Check(options);
        var data = DataDirectory.Load(options.Input, options.Root, subset: null, options.Encoding);
        var copies = UtteranceCopy.Of(data.Utterances, options);
        if (copies.Find(copy => copy.Original.Audio.Length == 0) is { } silent)
            throw new InputException($"{options.Input}: utterance '{silent.Original.Id}' has no audio in wav.scp.");

        Directory.CreateDirectory(options.Output);
        DataFiles.RequireRoomFor(options);
        using var writers = new FeatureWriters(options);
        try
        {
            var tally = new Tally(copies.Count, options.MaxDropped);
            var kept = new List<(UtteranceCopy Copy, int Frames, double Seconds)>();
            foreach (var (copy, result) in copies.Zip(Results(copies, options, cancellation)))
            {
                cancellation.ThrowIfCancellationRequested();
                if (result.Features is not { Rows: > 0 } features)
                {
                    tally.Fail(copy, result);
                }
                else
                {
                    writers.Write(copy, features);
                    kept.Add((copy, features.Rows, result.Seconds));
                    tally.Add(features, result);
                }

                progress?.Invoke(new FeatureDirectoryProgress(tally.Done, copies.Count, tally.Seconds));
            }

            if (kept.Count == 0)
                throw new InputException($"{options.Input}: no utterance gave features: {tally.Summary(options.Output).Reasons}.");

            DataFiles.Write(options, data, kept);
            DataFiles.WriteDropped(options, tally.Dropped);
            writers.Finish();
            return tally.Summary(options.Output);
        }
        catch (Exception)
        {
            writers.Discard();
            throw;
        }
    }

    private static void Check(FeatureDirectoryOptions options)
    {
        if (options.Speeds.Count == 0)
            throw new InputException("speed: expected one factor or more; 1 leaves an utterance as it is.");

        foreach (var speed in options.Speeds)
            SpeedPerturbation.Check(speed);
        if (!(options.MaxDropped >= 0 && options.MaxDropped <= 1))
            throw new InputException(FormattableString.Invariant($"max-dropped: expected 0 to 1, got {options.MaxDropped}."));
        if (options.Prefix.Any(char.IsWhiteSpace))
            throw new InputException($"prefix: expected no spaces, got '{options.Prefix}'.");
        if (options.Output.Contains(','))
            throw new InputException($"{options.Output}: Kaldi's tables cannot have a comma in a path.");
    }

    private static IEnumerable<FeatureResult> Results(
        List<UtteranceCopy> copies, FeatureDirectoryOptions options, CancellationToken cancellation)
    {
        var augmentation = options.Augmentation with { Speeds = [] };
        var changes = augmentation.IsAny || options.Speeds is not [1];
        var workers = new FeatureWorkers(options.Features.CreateExtractor(), options.Seed, options.Workers, options.Io)
        {
            Augmenter = changes ? new WaveAugmenter(augmentation, options.Seed, options.Io) : null,
        };
        return workers.Extract(copies.Select(Request), cancellation);
    }

    private static FeatureRequest Request(UtteranceCopy copy)
    {
        var utterance = copy.Original;
        var request = new FeatureRequest(copy.Id, utterance.Audio, utterance.Start, utterance.End, utterance.Channel);
        return request with { Speed = copy.Speed };
    }

    private sealed class Tally(int total, double maxDropped)
    {
        private readonly Dictionary<string, (int Count, string First)> _failures = [];
        private readonly List<string> _dropped = [];
        private int _made;
        private int _failed;
        private int _dimension;
        private long _frames;
        private (int Count, string First)? _warnings;

        public int Done => _made + _failed;

        public IReadOnlyList<string> Dropped => _dropped;

        public double Seconds { get; private set; }

        public void Add(FloatMatrix features, FeatureResult result)
        {
            _made++;
            _frames += features.Rows;
            _dimension = features.Columns;
            Seconds += result.Seconds;
            if (result.Warning is { } warning)
                _warnings = ((_warnings?.Count ?? 0) + 1, _warnings?.First ?? warning);
        }

        public void Fail(UtteranceCopy copy, FeatureResult result)
        {
            _failed++;
            var reason = result.Failure is null ? TooShort : BadAudio;
            _dropped.Add($"{copy.Id} {result.Failure ?? TooShort}");
            var known = _failures.GetValueOrDefault(reason, (0, result.Failure ?? copy.Id));
            _failures[reason] = (known.Item1 + 1, known.Item2);
            if (_failed > maxDropped * total)
            {
                throw new InputException(FormattableString.Invariant(
                    $"{_failed} of the first {Done} utterances ({total} in all) gave no features: {Summary("").Reasons}. ")
                    + FormattableString.Invariant($"At most {100 * maxDropped:0.##}% may fail (--max-dropped): ")
                    + "mend the data, or allow more.");
            }
        }

        public FeatureDirectorySummary Summary(string folder) =>
            new(folder, total, _made, _frames, _dimension, Seconds, _failures) { Warnings = _warnings };
    }
}

/// <summary>An utterance at one speed, with its ids.</summary>
internal sealed record UtteranceCopy(string Id, string Speaker, Utterance Original, double Speed)
{
    /// <summary>All copies, in the order of their ids, as Kaldi requires.</summary>
    public static List<UtteranceCopy> Of(IReadOnlyList<Utterance> utterances, FeatureDirectoryOptions options)
    {
        var copies = options.Speeds.SelectMany(speed => utterances.Select(utterance =>
        {
            var prefix = options.Prefix + SpeedPerturbation.PrefixOf(speed);
            return new UtteranceCopy(prefix + utterance.Id, prefix + utterance.Speaker, utterance, speed);
        })).ToList();
        copies.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        for (var i = 1; i < copies.Count; i++)
        {
            if (copies[i].Id == copies[i - 1].Id)
                throw new InputException($"utterance '{copies[i].Id}' comes twice; are two speeds the same?");
        }

        return copies;
    }
}
