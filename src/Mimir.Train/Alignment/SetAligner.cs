using System.Collections.Concurrent;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Decode.Alignment;
using Mimir.Decode.Building;
using Mimir.Decode.Graphs;
using Mimir.Decode.Search;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Trees;

namespace Mimir.Train.Alignment;

/// <summary>Beams and scales of alignment; the defaults are those of Kaldi's <c>steps/nnet/align.sh</c>.</summary>
public sealed record SetAlignmentOptions : AlignmentOptions
{
    /// <summary>Creates the defaults.</summary>
    public SetAlignmentOptions() => (Beam, RetryBeam, AcousticScale) = (10, 40, 0.1f);

    /// <summary>Scale of transition probabilities (excluding self-loops).</summary>
    [Option("transition-scale", Min = 0)]
    public float TransitionScale { get; init; } = 1;

    /// <summary>Scale of self-loop versus non-self-loop probability mass.</summary>
    [Option("self-loop-scale", Min = 0)]
    public float SelfLoopScale { get; init; } = 0.1f;
}

/// <summary>An utterance to align.</summary>
/// <param name="Utterance">Its id.</param>
/// <param name="Text">Its words with spaces between them; null for none.</param>
/// <param name="Scores">Its acoustic log-likelihoods.</param>
public sealed record AlignmentRequest(string Utterance, string? Text, IAcousticScores Scores);

/// <summary>An utterance that was aligned, or not.</summary>
/// <param name="Request">The utterance.</param>
/// <param name="Path">Its best path; null where there is none.</param>
/// <param name="Failure">The reason why there is none; null where there is one.</param>
/// <param name="Lacking">The words that the lexicon lacks.</param>
public sealed record AlignedUtterance(AlignmentRequest Request, AlignedPath? Path, string? Failure, IReadOnlyList<string> Lacking)
{
    /// <summary>True when the first beam was too narrow.</summary>
    public bool Retried { get; init; }
}

/// <summary>
/// Aligns utterances with their texts on several threads. Results come in the order of the input and do not depend on the number of
/// threads; at most twice as many utterances as threads are in memory.
/// </summary>
public sealed class SetAligner
{
    private readonly LangLexicon _language;
    private readonly Func<TrainingGraphs> _newGraphs;
    private readonly ConcurrentBag<TrainingGraphs> _idle = [];
    private readonly TransitionCosts _costs;
    private readonly Aligner _aligner;
    private readonly SetAlignmentOptions _options;
    private readonly int _threads;

    /// <summary>Prepares the graphs of texts.</summary>
    /// <param name="language">The words and the lexicon.</param>
    /// <param name="tree">The tree of the model.</param>
    /// <param name="model">The transition model.</param>
    /// <param name="options">Beams and scales.</param>
    /// <param name="threads">Threads; 0 is one for each core.</param>
    /// <exception cref="InputException">An option is out of range, or lexicon and model do not belong together.</exception>
    public SetAligner(
        LangLexicon language, ContextDependency tree, TransitionModel model, SetAlignmentOptions options, int threads = 0)
    {
        (_language, _options) = (language, options);
        _threads = threads == 0 ? Environment.ProcessorCount : threads;
        _aligner = new Aligner(model.ToPdfMap(), options);
        _costs = new TransitionCosts(model, options.TransitionScale, options.SelfLoopScale);

        // The costs are added behind the making of the graph, as Kaldi's scripts do it.
        var costless = new TrainingGraphOptions { TransitionScale = 0, SelfLoopScale = 0 };
        _newGraphs = () => new TrainingGraphs(language.Lexicon, tree, model, language.Disambiguation, costless);
        _idle.Add(_newGraphs());
    }

    /// <summary>Aligns utterances as they come.</summary>
    /// <param name="requests">The utterances.</param>
    /// <exception cref="InputException">Lexicon, tree and model do not belong together, or the scores do not fit; the message names
    /// the utterance.</exception>
    public IEnumerable<AlignedUtterance> Align(IEnumerable<AlignmentRequest> requests)
    {
        var running = new Queue<Task<AlignedUtterance>>();
        try
        {
            foreach (var request in requests)
            {
                if (running.Count >= _threads)
                    yield return running.Dequeue().GetAwaiter().GetResult();

                running.Enqueue(Task.Run(() => Align(request)));
            }

            while (running.TryDequeue(out var next))
                yield return next.GetAwaiter().GetResult();
        }
        finally
        {
            Task.WhenAll(running).ContinueWith(_ => { }, TaskScheduler.Default).Wait();
        }
    }

    private AlignedUtterance Align(AlignmentRequest request)
    {
        if (request.Text is null)
            return new(request, null, "it has no transcript", []);

        var (words, lacking) = _language.Find(request.Text);
        if (words.Length == 0 && lacking.Count == 0)
            return new(request, null, "its transcript is empty", []);
        if (lacking.Count > 0 && _language.UnknownWord is null)
            return new(request, null, $"the lexicon lacks {Listed(lacking)}, and the language has no word for unknown ones", lacking);

        try
        {
            return Align(request, words, lacking);
        }
        catch (InputException unfit)
        {
            throw new InputException($"utterance '{request.Utterance}': {unfit.Message}", unfit);
        }
    }

    private AlignedUtterance Align(AlignmentRequest request, int[] words, IReadOnlyList<string> lacking)
    {
        var graphs = _idle.TryTake(out var idle) ? idle : _newGraphs();
        VectorFst graph;
        try
        {
            graph = graphs.Make(words);
        }
        finally
        {
            _idle.Add(graphs);
        }

        if (FinalStates.FewestFrames(graph) is not { } fewest)
            return new(request, null, $"the lexicon has no pronunciation of {Listed(Unpronounced(words))}", lacking);
        if (fewest > request.Scores.Frames)
            return new(request, null, $"it has {request.Scores.Frames} frames, its text needs at least {fewest}", lacking);

        _costs.AddTo(graph);
        var result = _aligner.Align(graph, request.Scores);
        var failure = result.Path is null
            ? FormattableString.Invariant(
                $"no path reaches the end within the beam ({Math.Max(_options.Beam, _options.RetryBeam)}): text and audio differ")
            : null;
        return new(request, result.Path, failure, lacking) { Retried = result.Retried };
    }

    private IReadOnlyList<string> Unpronounced(int[] words)
    {
        var spoken = new HashSet<int>();
        for (var state = 0; state < _language.Lexicon.StateCount; state++)
        {
            foreach (ref readonly var arc in _language.Lexicon.Arcs(state))
                spoken.Add(arc.Output);
        }

        return [.. words.Where(word => !spoken.Contains(word)).Distinct().Select(_language.Words.SymbolOf)];
    }

    private static string Listed(IReadOnlyList<string> words) =>
        string.Join(", ", words.Take(5).Select(word => $"'{word}'")) + (words.Count > 5 ? $" and {words.Count - 5} more" : "");
}
