using Mimir.Base;
using Mimir.Decode.Graphs;
using Mimir.Decode.Lattices;

namespace Mimir.Decode.Search;

/// <summary>The best path of an utterance that is still being spoken.</summary>
/// <param name="FirstFrame">The first frame of the utterance, from the start of the stream.</param>
/// <param name="Frames">Its frames so far.</param>
/// <param name="Words">Its words so far; the last ones may still change.</param>
/// <param name="Begins">The frame of each word's first arc, from the start of the utterance.</param>
/// <param name="SilentFrames">The frames of silence at its end.</param>
public sealed record OnlineHypothesis(
    long FirstFrame, int Frames, IReadOnlyList<int> Words, IReadOnlyList<int> Begins, int SilentFrames);

/// <summary>An utterance that was cut out of a stream.</summary>
/// <param name="FirstFrame">Its first frame, from the start of the stream.</param>
/// <param name="Frames">Its number of frames.</param>
/// <param name="Rule">The rule of <see cref="EndpointOptions.Rules"/> that ended it, from 0; -1 for the end of the stream.</param>
/// <param name="Lattice">Its word lattice, acoustic costs unscaled; empty when no path survived.</param>
/// <param name="BestPath">The best path at the acoustic scale of the search; null when no path survived.</param>
public sealed record OnlineUtterance(long FirstFrame, int Frames, int Rule, WordLattice Lattice, LatticePath? BestPath);

/// <summary>
/// Decodes a stream as it comes. An utterance ends where a rule says so (<see cref="EndpointOptions"/>); its lattice is the one that
/// <see cref="LatticeDecoder"/> finds for its frames, and nothing of it is kept, so memory does not grow with the stream. Results do
/// not depend on how the stream is divided into chunks. For one thread.
/// </summary>
public sealed class OnlineDecoder
{
    private readonly Fst _graph;
    private readonly BeamSearch _search;
    private readonly DecoderOptions _options;
    private readonly DeterminizerOptions _determinizer;
    private readonly EndpointOptions _endpoints;
    private long _firstFrame;

    /// <summary>Creates a decoder at the start of a stream.</summary>
    /// <param name="graph">The decoding graph (HCLG): transition-ids in, words out.</param>
    /// <param name="pdfOfTransition">The pdf of every transition-id; index 0 is not used.</param>
    /// <param name="options">Beams and scale.</param>
    /// <param name="endpoints">When an utterance ends.</param>
    /// <param name="phoneBegins">The phone that each transition-id begins; see <see
    /// cref="DeterminizerOptions.PhoneBegins"/>.</param>
    /// <exception cref="InputException">The graph has transition-ids beyond the map, or an option is out of range.</exception>
    public OnlineDecoder(
        Fst graph, int[] pdfOfTransition, DecoderOptions options, EndpointOptions endpoints, int[]? phoneBegins = null)
    {
        endpoints.Check();
        _search = new BeamSearch(graph, pdfOfTransition, options);
        (_graph, _options, _endpoints) = (graph, options, endpoints);
        _determinizer = new DeterminizerOptions { Beam = options.LatticeBeam, PhoneBegins = phoneBegins };
        _search.Begin();
    }

    /// <summary>Decodes the next frames of the stream.</summary>
    /// <param name="chunk">Their acoustic log-likelihoods.</param>
    /// <returns>The utterances that ended in them, usually none.</returns>
    /// <exception cref="InputException">There are fewer pdfs than the transition model needs, or a score is NaN or plus
    /// infinity.</exception>
    public IReadOnlyList<OnlineUtterance> Accept(IAcousticScores chunk)
    {
        _search.RequirePdfs(chunk.Pdfs);
        var ended = new List<OnlineUtterance>();
        for (var frame = 0; frame < chunk.Frames; frame++)
        {
            _search.Advance(chunk.Frame(frame));
            if (_search.Frames % _endpoints.Interval == 0 && EndedBy() is var rule and >= 0)
                ended.Add(End(rule));
        }

        return ended;
    }

    /// <summary>Ends the stream: returns its last utterance, or null when no frame came since the last end.</summary>
    public OnlineUtterance? Finish() => _search.Frames == 0 ? null : End(-1);

    /// <summary>The best path of the current utterance so far; it need not end in a final state.</summary>
    public OnlineHypothesis Current()
    {
        var (words, begins) = (new List<int>(), new List<int>());
        var frame = _search.Frames;
        for (var token = BestToken(); token >= 0 && Traceback.TryStep(_search.Store, ref frame, ref token, out var step);)
        {
            if (_graph.Arc(step.Arc).Output is var word and not 0)
            {
                words.Add(word);
                begins.Add(frame);
            }
        }

        words.Reverse();
        begins.Reverse();
        return new OnlineHypothesis(_firstFrame, _search.Frames, words, begins, SilentFrames());
    }

    private int EndedBy() =>
        _endpoints.Rules.Count == 0 ? -1 : _endpoints.FirstRule(_search.Frames, SilentFrames(), _search.EndCost());

    private OnlineUtterance End(int rule)
    {
        var frames = _search.Frames;
        var words = Determinizer.Determinize(_search.Finish(), _determinizer).ScaleAcoustic(1 / _options.AcousticScale);
        var utterance = new OnlineUtterance(_firstFrame, frames, rule, words, BestPath.Find(words, _options.AcousticScale));
        _firstFrame += frames;
        _search.Begin();
        return utterance;
    }

    private int SilentFrames()
    {
        var (frames, frame) = (0, _search.Frames);
        for (var token = BestToken(); token >= 0 && Traceback.TryStep(_search.Store, ref frame, ref token, out var step);)
        {
            var input = _graph.Arc(step.Arc).Input;
            if (input == 0)
                continue;

            if (!_endpoints.Silence.Contains(input))
                break;

            frames++;
        }

        return frames;
    }

    private int BestToken() => Traceback.Best(_search.Store);
}
