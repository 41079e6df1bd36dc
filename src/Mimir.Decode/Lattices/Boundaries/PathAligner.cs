using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>
/// Walks all paths of a word lattice with what is not yet aligned of each, and builds a lattice of the pairs. Costs stay on arcs
/// without a word until <see cref="EpsilonRemoval"/> puts them to arcs with one.
/// </summary>
/// <typeparam name="TRest">What is not yet aligned.</typeparam>
internal abstract class PathAligner<TRest>
    where TRest : class, IEquatable<TRest>
{
    /// <summary>Stands for a word that has no name in the result, so that its arcs are no epsilons meanwhile.</summary>
    protected const int Unnamed = -1;

    private readonly Dictionary<(int State, TRest Pending), int> _numbers = [];
    private readonly Stack<(int State, TRest Pending, int Output)> _open = new();
    private readonly List<string> _faults = [];

    protected PathAligner(WordLattice lattice, TransitionModel model, bool reordered)
    {
        (Model, Reordered) = (model, reordered);
        CheckTransitions(lattice, model);
        Input = lattice.StateCount == 0 ? lattice : SuperFinal.Add(lattice);
    }

    /// <summary>Gets the lattice, which has one end.</summary>
    protected WordLattice Input { get; }

    protected TransitionModel Model { get; }

    /// <summary>True when self-loops follow the transition out of their state.</summary>
    protected bool Reordered { get; }

    protected WordLatticeBuilder Output { get; } = new();

    /// <summary>Builds the lattice of all pairs, with its epsilons.</summary>
    /// <param name="start">The rest at the start.</param>
    /// <param name="maxStates">The number of states at which it gives up; 0 for no limit.</param>
    protected WordLattice Walk(TRest start, int maxStates)
    {
        if (Input.StateCount == 0)
        {
            Fault("the lattice is empty");
            return Input;
        }

        StateOf(0, start);
        while (_open.TryPop(out var next))
        {
            if (maxStates > 0 && _numbers.Count > maxStates)
            {
                Fault($"the aligned lattice has more than {maxStates} states, the lattice {Input.StateCount}");
                return new WordLatticeBuilder().Build();
            }

            Process(next.State, next.Pending, next.Output);
        }

        Finish();
        return Output.Build();
    }

    /// <summary>The result: without epsilons if asked for, arcs of unnamed words without a word.</summary>
    protected AlignedLattice Result(WordLattice lattice, bool removeEpsilons = true)
    {
        var aligned = removeEpsilons ? EpsilonRemoval.Remove(lattice) : lattice;
        return new AlignedLattice(
            aligned.Map((_, arc) => arc.Word == Unnamed ? arc with { Word = 0 } : arc, (_, final) => final), _faults);
    }

    /// <summary>Adds the arcs of a pair.</summary>
    protected abstract void Process(int state, TRest rest, int output);

    /// <summary>Ends the walk.</summary>
    protected virtual void Finish()
    {
    }

    /// <summary>The state of a pair, which is processed later where it is new.</summary>
    protected int StateOf(int state, TRest rest)
    {
        if (_numbers.TryGetValue((state, rest), out var number))
            return number;

        number = Output.AddState();
        _numbers.Add((state, rest), number);
        _open.Push((state, rest, number));
        return number;
    }

    protected void Fault(string message)
    {
        if (!_faults.Contains(message))
            _faults.Add(message);
    }

    private static void CheckTransitions(WordLattice lattice, TransitionModel model)
    {
        for (var state = 0; state < lattice.StateCount; state++)
        {
            foreach (var arc in lattice.Arcs(state))
                Check(arc.Alignment);

            Check(lattice.FinalAlignment(state));
        }

        void Check(ReadOnlySpan<int> alignment)
        {
            foreach (var transition in alignment)
            {
                if (transition > model.TransitionCount)
                {
                    throw new InputException(
                        $"the lattice has transition-id {transition}, the model has 1 to {model.TransitionCount}: it is of another model");
                }
            }
        }
    }
}
