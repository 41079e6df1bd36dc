using Mimir.Base;
using Mimir.Decode.Search;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Features.Signal;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data;
using Mimir.Train.Packages;

namespace Mimir.Train.Transcription.Streaming;

/// <summary>A change of what has been heard in a stream.</summary>
/// <param name="Segment">The utterance; words of one that still goes on have no confidence (0), and may change.</param>
/// <param name="IsFinal">True for an utterance that has ended.</param>
/// <param name="Rule">The rule of <see cref="EndpointOptions.Rules"/> that ended it, from 0; -1 for none yet, or the stream's end.</param>
public sealed record StreamEvent(TranscribedSegment Segment, bool IsFinal, int Rule);

/// <summary>
/// Transcribes audio while it comes: cuts it into utterances where a rule says so, and tells the words of each so far and at its end.
/// Results do not depend on the pieces in which the audio comes. Nothing of an ended utterance is kept.
/// </summary>
/// <remarks>
/// The stages are those of <see cref="Transcriber"/>, each with as much look-ahead as it needs; where no rule cuts, words are the
/// same, if the model's normalisation is that of the training set or the stream is shorter than
/// <see cref="RunningNormalisation.Wait"/> frames.
/// </remarks>
public sealed class StreamTranscriber
{
    // Frames that go through the network at once: a quarter of a second; more where all before them is computed again.
    private const int Step = 25;
    private const int LongStep = 100;

    private readonly SpeechModel _model;
    private readonly WordFinder _words;
    private readonly HashSet<string> _left;
    private readonly EndpointOptions _endpoints;
    private readonly FrameReach _reach;
    private readonly double _frameShift;

    /// <summary>Prepares a model for streams.</summary>
    /// <param name="model">The model; the caller's.</param>
    /// <param name="rules">The rules by which an utterance ends; none makes the stream one utterance.</param>
    /// <exception cref="InputException">The model needs whole recordings.</exception>
    public StreamTranscriber(SpeechModel model, IReadOnlyList<EndpointRule> rules)
    {
        if (model.Recipe.Features.Pitch is not null)
            throw new InputException("features.pitch: pitch is not computed from a stream; transcribe recordings, or take another model.");

        (_model, _words, _left) = (model, new(model), [.. model.Recipe.Decode.LeaveOut]);
        _frameShift = model.Extractor.Options.Frame.FrameShift / 1000.0;
        _endpoints = new()
        {
            Rules = rules,
            Silence = EndpointOptions.TransitionsOf(model.Transitions, model.SilencePhones),
            FrameShift = (float)_frameShift,
        };
        _reach = FrameReach.Find(model.Extractor.Dimension * (1 + (model.Recipe.Features.Deltas?.Order ?? 0)), Score);
        if (_reach.After == FrameReach.Whole)
        {
            throw new InputException(
                "the network looks at the whole of an utterance, or more than a second ahead, so it cannot follow a stream; transcribe "
                + "recordings, or take a model that looks back.");
        }
    }

    /// <summary>True where silence is known, at which utterances are cut.</summary>
    public bool KnowsSilence => _endpoints.Silence.Count > 0;

    /// <summary>Gets the latency in seconds: the audio that must follow a frame before it is searched.</summary>
    public double Latency => (_reach.After + Step + DeltaReach) * _frameShift;

    private int DeltaReach => _model.Recipe.Features.Deltas is { } deltas ? deltas.Order * deltas.Window : 0;

    /// <summary>Transcribes a stream up to its end.</summary>
    /// <param name="audio">The stream.</param>
    /// <param name="cancellation">Stops the work between two pieces.</param>
    /// <returns>The changes as they come: each word heard, and each utterance that has ended.</returns>
    /// <exception cref="InputException">The audio is damaged.</exception>
    public IEnumerable<StreamEvent> Run(AudioFeed audio, CancellationToken cancellation = default)
    {
        var decoder = new OnlineDecoder(
            _model.Graph.Graph, _model.Graph.PdfOfTransition, _model.Search, _endpoints, _model.Graph.PhoneBegins);
        var network = new FrameFilter(_reach, _reach.Before == FrameReach.Whole ? LongStep : Step, Score);
        IReadOnlyList<int> heard = [];
        foreach (var (frames, isLast) in Features(audio, cancellation))
        {
            foreach (var scores in network.Accept(frames, isLast))
            {
                foreach (var utterance in decoder.Accept(new MatrixScores(scores.Data, scores.Rows, scores.Columns)))
                {
                    yield return Final(utterance);
                    network.Restart();
                    heard = [];
                }

                var current = decoder.Current();
                if (!current.Words.SequenceEqual(heard))
                    yield return Partial(current);

                heard = current.Words;
            }
        }

        if (decoder.Finish() is { } last)
            yield return Final(last);
    }

    private StreamEvent Final(OnlineUtterance utterance)
    {
        var (start, end) = (TimeOf(utterance.FirstFrame), TimeOf(utterance.FirstFrame + utterance.Frames));
        var words = _words.Find(utterance.Lattice, start, end);
        return new(new(start, end, words, utterance.Lattice.IsPartial), IsFinal: true, utterance.Rule);
    }

    private StreamEvent Partial(OnlineHypothesis current)
    {
        var end = current.FirstFrame + current.Frames;
        var ends = current.Begins.Skip(1).Select(begin => current.FirstFrame + begin).Append(end);
        var words = current.Words.Zip(current.Begins, ends).Select(word => new TranscribedWord(
            _model.Graph.Words.SymbolOf(word.First), TimeOf(current.FirstFrame + word.Second), TimeOf(word.Third), 0));
        return new(
            new(TimeOf(current.FirstFrame), TimeOf(end), [.. words.Where(word => !_left.Contains(word.Text))], IsPartial: true),
            IsFinal: false,
            -1);
    }

    private double TimeOf(long frame) => frame * _frameShift;

    private FloatMatrix Score(FloatMatrix frames)
    {
        var features = new SetFeatures([new Utterance("stream", "", "", null, null, null)], [frames], 1, []);
        var corpus = FramePacker.Pack("audio", features, targets: null, classes: 0, tolerance: 0);
        return _model.Acoustic.Score(corpus).Single().LogLikelihoods;
    }

    private IEnumerable<(FloatMatrix Frames, bool IsLast)> Features(AudioFeed audio, CancellationToken cancellation)
    {
        var options = _model.Extractor.Options;
        var rate = (int)options.Frame.SampleFrequency;
        var resampler = audio.SampleRate == rate ? null : new StreamResampler(audio.SampleRate, rate);
        var features = new OnlineExtractor(options, _model.Recipe.Seed);
        var normalisation = new RunningNormalisation(_model.Recipe.Features.Cmvn, _model.Cmvn);
        var deltas = _model.Recipe.Features.Deltas is { } recipe
            ? new FrameFilter(new(DeltaReach, DeltaReach), 1, matrix => Deltas.Add(matrix, recipe.Order, recipe.Window))
            : null;
        for (var isLast = false; !isLast;)
        {
            cancellation.ThrowIfCancellationRequested();
            var samples = audio.Read();
            isLast = samples.Length == 0;
            if (resampler is not null)
                samples = isLast ? resampler.Finish() : resampler.Accept(samples);

            var frames = features.Accept(samples);
            if (isLast)
                frames = FeatureFrames.Concatenate([frames, features.Finish()]);

            frames = normalisation.Accept(frames, isLast);
            yield return (deltas is null ? frames : FeatureFrames.Concatenate([.. deltas.Accept(frames, isLast)]), isLast);
        }
    }
}
