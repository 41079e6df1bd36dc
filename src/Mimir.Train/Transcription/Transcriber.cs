using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Search;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Train.Data;
using Mimir.Train.Packages;
using Mimir.Train.Reports;

namespace Mimir.Train.Transcription;

/// <summary>
/// Transcribes recordings: cuts, features, network, search, words with times and confidences. Results come in the order of the
/// recordings, those of a speaker together; they do not depend on the number of threads. A recording that fails does not stop the
/// others.
/// </summary>
/// <param name="model">The model; the caller's.</param>
/// <param name="options">Channel, segments and threads.</param>
/// <param name="progress">Follows the work, and receives what is doubtful about recordings.</param>
/// <param name="time">The clock.</param>
public sealed class Transcriber(SpeechModel model, TranscriberOptions options, ITrainingProgress progress, TimeProvider time)
{
    // Frames that a network sees at once, of several recordings: ten minutes.
    private const int BatchFrames = 60_000;

    // Recordings that are read ahead of the search; a long one has many frames.
    private const int ReadingThreads = 4;

    private readonly WordFinder _words = new(model);
    private readonly HashSet<string> _noted = [];

    private int Threads => options.Threads == 0 ? Environment.ProcessorCount : options.Threads;

    /// <summary>Transcribes recordings.</summary>
    /// <param name="sources">The recordings.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">The model does not fit its features or its graph, or an option is out of range.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public IEnumerable<Transcript> Run(IReadOnlyList<AudioSource> sources, CancellationToken cancellation = default)
    {
        Option.CheckRanges(options.Segments);
        Core.Native.Threads.Count = Threads;
        var pace = new Pace(sources.Count, progress, time);
        var (open, waiting) = (new Queue<OpenTranscript>(), new Queue<(OpenTranscript Of, PreparedSegment Segment)>());
        var decoder = model.CreateDecoder(Threads);
        var decoded = decoder.Decode(Scores(sources, open, waiting, cancellation))
            .Select(utterance => (Utterance: utterance, Place: waiting.Dequeue()));
        foreach (var (transcript, segment) in OrderedParallel.Select(decoded, WithWords, Threads, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            transcript.Add(segment);
            pace.Segment(transcript, segment);
            while (open.TryPeek(out var first) && first.IsWhole)
                yield return pace.Recording(open.Dequeue().ToTranscript());
        }

        while (open.TryDequeue(out var rest))
            yield return pace.Recording(rest.ToTranscript());
    }

    private (OpenTranscript Of, TranscribedSegment Segment) WithWords(
        (DecodedUtterance Utterance, (OpenTranscript Of, PreparedSegment Segment) Place) decoded)
    {
        var (place, segment) = (decoded.Place.Of, decoded.Place.Segment);
        var words = _words.Find(decoded.Utterance.Lattice, segment.Start, segment.End);
        return (place, new(segment.Start, segment.End, words, decoded.Utterance.IsPartial));
    }

    // Drawn by the decoder on the thread of Run's caller: the queues need no lock.
    private IEnumerable<KeyValuePair<string, IAcousticScores>> Scores(
        IReadOnlyList<AudioSource> sources, Queue<OpenTranscript> open, Queue<(OpenTranscript, PreparedSegment)> waiting,
        CancellationToken cancellation)
    {
        var reader = new RecordingFeatures(model.Extractor, model.Recipe.Seed, options);
        var prepared = OrderedParallel.Select(
            BySpeaker(sources), source => reader.Prepare(source, cancellation), Math.Min(Threads, ReadingThreads), cancellation);
        var (batch, frames) = (new List<(OpenTranscript Of, PreparedSegment Segment)>(), 0);
        foreach (var speaker in Speakers(prepared))
        {
            foreach (var (recording, segments) in Normalise(speaker))
            {
                var transcript = new OpenTranscript(recording, segments.Count);
                open.Enqueue(transcript);
                foreach (var segment in segments)
                {
                    batch.Add((transcript, segment));
                    frames += segment.Features.Rows;
                    if (frames < BatchFrames)
                        continue;

                    foreach (var scores in Score(batch, waiting, cancellation))
                        yield return scores;

                    batch.Clear();
                    frames = 0;
                }
            }
        }

        foreach (var scores in Score(batch, waiting, cancellation))
            yield return scores;
    }

    // Speakers of a data directory may be mixed; their statistics need all of a speaker at once.
    private static List<AudioSource> BySpeaker(IReadOnlyList<AudioSource> sources) =>
        [.. sources.GroupBy(source => source.Speaker, StringComparer.Ordinal).SelectMany(group => group)];

    private IEnumerable<List<PreparedRecording>> Speakers(IEnumerable<PreparedRecording> recordings)
    {
        var speaker = new List<PreparedRecording>();
        foreach (var recording in recordings)
        {
            Note(recording);
            if (speaker is [var first, ..] && first.Source.Speaker != recording.Source.Speaker)
            {
                yield return speaker;
                speaker = [];
            }

            speaker.Add(recording);
        }

        if (speaker.Count > 0)
            yield return speaker;
    }

    private IEnumerable<(PreparedRecording Recording, IReadOnlyList<PreparedSegment> Segments)> Normalise(List<PreparedRecording> speaker)
    {
        var all = speaker
            .SelectMany(recording => recording.Segments.Select((segment, number) => (recording.Source, segment, number)))
            .ToList();
        var features = new SetFeatures(
            all.ConvertAll(entry => new Utterance($"{entry.Source.Id}-{entry.number}", entry.Source.Speaker, "", null, null, null)),
            [.. all.Select(entry => entry.segment.Features)], all.Count, []);
        new SpeakerNormalisation(model.Recipe.Features.Cmvn) { Global = model.Cmvn }.Apply(features, table: null);
        if (model.Recipe.Features.Deltas is { } deltas)
        {
            Parallel.For(0, all.Count, i => features.Matrices[i] = Deltas.Add(features.Matrices[i], deltas.Order, deltas.Window));
        }

        var next = 0;
        foreach (var recording in speaker)
        {
            yield return (recording, [.. recording.Segments.Select(segment => segment with { Features = features.Matrices[next++] })]);
        }
    }

    private IEnumerable<KeyValuePair<string, IAcousticScores>> Score(
        List<(OpenTranscript Of, PreparedSegment Segment)> batch, Queue<(OpenTranscript, PreparedSegment)> waiting,
        CancellationToken cancellation)
    {
        if (batch.Count == 0)
            yield break;

        var names = batch.ConvertAll(entry => new Utterance(entry.Of.Id, "", "", null, null, null));
        var features = new SetFeatures(names, [.. batch.Select(entry => entry.Segment.Features)], batch.Count, []);
        var corpus = FramePacker.Pack("audio", features, targets: null, classes: 0, tolerance: 0);
        foreach (var (segment, scores) in model.Acoustic.Score(corpus, cancellation))
        {
            waiting.Enqueue((batch[segment].Of, batch[segment].Segment));
            yield return new(batch[segment].Of.Id, new MatrixScores(scores.Data, scores.Rows, scores.Columns));
        }
    }

    private void Note(PreparedRecording recording)
    {
        foreach (var (kind, text) in recording.Notes)
        {
            if (_noted.Add(kind))
                progress.Say(text);
        }
    }

    /// <summary>A transcript whose segments are being decoded.</summary>
    private sealed class OpenTranscript(PreparedRecording recording, int segments)
    {
        private readonly List<TranscribedSegment> _segments = [];

        public string Id => recording.Source.Id;

        public int Segments => segments;

        public int Done => _segments.Count;

        public bool IsWhole => Done == segments;

        public void Add(TranscribedSegment segment) => _segments.Add(segment);

        public Transcript ToTranscript() => new(Id, recording.Source.Audio)
        {
            Duration = recording.Duration,
            Channel = recording.Channel,
            Segments = _segments,
            Failure = recording.Failure,
        };
    }

    /// <summary>Reports how far the work is, and its speed: by recordings, or by the segments of a single one.</summary>
    private sealed class Pace(int total, ITrainingProgress progress, TimeProvider time)
    {
        private readonly long _began = time.GetTimestamp();
        private int _done;
        private double _seconds;

        public void Segment(OpenTranscript of, TranscribedSegment segment)
        {
            _seconds += segment.End - segment.Start;
            if (total == 1)
                Report(of.Done, of.Segments, "segments");
        }

        public Transcript Recording(Transcript transcript)
        {
            _done++;
            if (total > 1)
                Report(_done, total, "recordings");

            return transcript;
        }

        private void Report(int done, int all, string unit) => progress.Report(new()
        {
            Stage = RunStage.Decoding,
            Done = done,
            Total = all,
            Unit = unit,
            RealTimeFactor = _seconds / Math.Max(time.GetElapsedTime(_began).TotalSeconds, 1e-3),
        });
    }
}
