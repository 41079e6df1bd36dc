using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>Options of <see cref="PhoneAligner"/>.</summary>
public sealed record PhoneAlignerOptions
{
    /// <summary>True, the default, when the graph had self-loops behind the transition out of their state.</summary>
    public bool Reordered { get; init; } = true;

    /// <summary>True, the default, to join arcs without a word to those behind them; an arc may then have several phones.</summary>
    public bool RemoveEpsilons { get; init; } = true;

    /// <summary>True to put phones in place of words; by default the words stay, not aligned to anything.</summary>
    public bool ReplaceWords { get; init; }
}

/// <summary>Splits the arcs of a word lattice where phones end (Kaldi: lattice-align-phones).</summary>
public sealed class PhoneAligner
{
    /// <summary>Aligns a lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="model">The model of its transition-ids.</param>
    /// <param name="options">What to do; null means the defaults.</param>
    /// <exception cref="InputException">A transition-id is not the model's.</exception>
    public static AlignedLattice Align(WordLattice lattice, TransitionModel model, PhoneAlignerOptions? options = null) =>
        new Walker(lattice, model, options ?? new()).Align();

    private sealed class Walker(WordLattice lattice, TransitionModel model, PhoneAlignerOptions options)
        : PathAligner<PendingPath>(lattice, model, options.Reordered)
    {
        public AlignedLattice Align() => Result(Walk(PendingPath.Empty, 0), options.RemoveEpsilons);

        protected override void Process(int state, PendingPath rest, int output)
        {
            // A whole phone, with a word if one waits.
            if (rest.EndOfPhone(0, Model, Reordered, out var oneOnly) is >= 0 and var end)
            {
                if (!oneOnly)
                    Fault("a phone begins before the one before it ends");

                AddPhone(state, rest, output, end);
                return;
            }

            // Words must not pile up.
            if (rest.Words.Length > 1)
            {
                Output.AddArc(output, new WordArc(rest.Words[0], LatticeWeight.One, [], StateOf(state, rest.Without(0, 1))));
                return;
            }

            if (!Input.Final(state).IsZero)
                End(state, rest, output);

            foreach (var arc in Input.Arcs(state))
            {
                Output.AddArc(
                    output, new WordArc(0, arc.Weight, [], StateOf(arc.Next, rest.Advance(arc, withWord: !options.ReplaceWords))));
            }
        }

        private void End(int state, PendingPath rest, int output)
        {
            if (rest.IsEmpty)
            {
                Output.SetFinal(output, LatticeWeight.One, []);
                return;
            }

            var phones = rest.Transitions.Select(Model.PhoneOf).Distinct().Count();
            if (phones > 1)
                Fault("the last phone of a path has transition-ids of another phone");
            else if (phones == 1 && rest.Transitions.Count(Model.IsFinal) != 1)
                Fault("a path ends within a phone");

            AddPhone(state, rest, output, rest.Transitions.Length);
        }

        private void AddPhone(int state, PendingPath rest, int output, int frames)
        {
            var label = !options.ReplaceWords
                ? rest.Words.FirstOrDefault()
                : frames == 0 ? 0 : Model.PhoneOf(rest.Transitions[0]);
            Output.AddArc(
                output, new WordArc(label, LatticeWeight.One, rest.Transitions[..frames], StateOf(state, rest.Without(frames, 1))));
        }
    }
}
