using Mimir.Corpus.Digits;
using Mimir.Decode.Graphs;
using Mimir.Kaldi.Alignments;

namespace Mimir.Corpus.Hmm;

/// <summary>
/// Builds the decoding graph: any string of at least one digit, silence allowed before, between and after. The weights are
/// those of Kaldi's mkgraph (transition scale 1, self-loop scale 0.1, reordered self-loops); no arc is an epsilon.
/// </summary>
internal sealed class DigitGraph
{
    private const double SelfLoopScale = 0.1;
    private static readonly float WordCost = MathF.Log(DigitLexicon.Words.Count);
    private static readonly float SilenceCost = MathF.Log(2);

    private readonly HmmSet _hmms;
    private readonly TransitionModel _model;
    private readonly FstBuilder _fst = new();

    private DigitGraph(HmmSet hmms, TransitionModel model)
    {
        _hmms = hmms;
        _model = model;
    }

    /// <summary>Builds the graph.</summary>
    /// <param name="hmms">The units.</param>
    /// <param name="model">The probabilities of the transitions.</param>
    public static Fst Build(HmmSet hmms, TransitionModel model) => new DigitGraph(hmms, model).Build();

    private Fst Build()
    {
        var start = new Exit(_fst.AddState(), 0);
        var before = AddChain([_hmms.Silence]);
        var after = AddChain([_hmms.Silence]);
        var words = _hmms.WordUnits.Select(AddChain).ToArray();

        Connect(start, before, SilenceCost, 0);
        ConnectWords(start, words, SilenceCost);
        ConnectWords(before.Exit, words, 0);
        ConnectWords(after.Exit, words, 0);
        _fst.SetFinal(after.Exit.State, after.Exit.Cost);
        foreach (var word in words)
        {
            ConnectWords(word.Exit, words, SilenceCost);
            Connect(word.Exit, after, SilenceCost, 0);
            _fst.SetFinal(word.Exit.State, word.Exit.Cost + SilenceCost);
        }

        return _fst.Build();
    }

    private void ConnectWords(Exit from, IReadOnlyList<Chain> words, float cost)
    {
        for (var word = 0; word < words.Count; word++)
            Connect(from, words[word], cost + WordCost, word + 1);
    }

    private void Connect(Exit from, Chain to, float cost, int word) =>
        _fst.AddArc(from.State, new FstArc(to.FirstId, word, from.Cost + cost, to.FirstState));

    /// <summary>
    /// Adds the states of a sequence of units. A state's self-loop stands behind the arc that enters with its forward
    /// transition, and leaving it has the cost of not looping.
    /// </summary>
    private Chain AddChain(IReadOnlyList<HmmUnit> units)
    {
        var firstState = _fst.StateCount;
        var exit = default(Exit);
        for (var i = 0; i < units.Count * HmmSet.States; i++)
        {
            var (unit, state) = (units[i / HmmSet.States], i % HmmSet.States);
            var here = _fst.AddState();
            if (i > 0)
                _fst.AddArc(exit.State, new FstArc(_hmms.Forward(unit, state), 0, exit.Cost, here));
            var loop = _hmms.SelfLoop(unit, state);
            _fst.AddArc(here, new FstArc(loop, 0, Cost(loop), here));
            exit = new Exit(here, Cost(_hmms.Forward(unit, state)));
        }

        return new Chain(_hmms.Forward(units[0], 0), firstState, exit);
    }

    private float Cost(int transitionId) => (float)(-SelfLoopScale * _model.LogProbabilityOf(transitionId));

    /// <summary>A state and the cost of leaving it.</summary>
    private readonly record struct Exit(int State, float Cost);

    /// <summary>A sequence of states, entered with <paramref name="FirstId"/> at <paramref name="FirstState"/>.</summary>
    private readonly record struct Chain(int FirstId, int FirstState, Exit Exit);
}
