using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>Options of <see cref="WordAligner"/>.</summary>
public sealed record WordAlignerOptions
{
    /// <summary>The word of arcs of silence; 0, the default, for none (Kaldi: --silence-label).</summary>
    public int SilenceLabel { get; init; }

    /// <summary>The word of a word that is cut at the end of the utterance and has no label; 0 for none.</summary>
    public int PartialWordLabel { get; init; }

    /// <summary>True, the default, when the graph had self-loops behind the transition out of their state.</summary>
    public bool Reordered { get; init; } = true;

    /// <summary>The number of states at which it gives up; 0, the default, for no limit.</summary>
    public int MaxStates { get; init; }
}

/// <summary>
/// Splits and joins the arcs of a word lattice so that each has the transition-ids of a word or a silence, for phones that tell their
/// place in a word (Kaldi: lattice-align-words).
/// </summary>
public sealed class WordAligner
{
    /// <summary>Aligns a lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="model">The model of its transition-ids.</param>
    /// <param name="boundaries">The places of phones in words.</param>
    /// <param name="options">What to do; null means the defaults.</param>
    /// <exception cref="InputException">A transition-id is not the model's.</exception>
    public static AlignedLattice Align(
        WordLattice lattice, TransitionModel model, WordBoundaries boundaries, WordAlignerOptions? options = null) =>
        new Walker(lattice, model, boundaries, options ?? new()).Align();

    private sealed class Walker(WordLattice lattice, TransitionModel model, WordBoundaries boundaries, WordAlignerOptions options)
        : PathAligner<PendingPath>(lattice, model, options.Reordered)
    {
        private readonly int _silence = options.SilenceLabel == 0 ? Unnamed : options.SilenceLabel;
        private readonly int _partial = options.PartialWordLabel == 0 ? Unnamed : options.PartialWordLabel;

        public AlignedLattice Align() => Result(Walk(PendingPath.Empty, options.MaxStates));

        protected override void Process(int state, PendingPath rest, int output)
        {
            if (TryTake(rest) is var (isWord, frames))
            {
                if (isWord)
                    AddWord(state, rest, output, frames);
                else
                    AddOther(state, rest, output, _silence, frames);

                return;
            }

            if (!Input.Final(state).IsZero)
                End(state, rest, output);

            foreach (var arc in Input.Arcs(state))
                Output.AddArc(output, new WordArc(0, arc.Weight, [], StateOf(arc.Next, rest.Advance(arc))));
        }

        // A whole word or silence at the begin of the rest.
        private (bool IsWord, int Frames)? TryTake(PendingPath rest)
        {
            if (rest.Transitions.Length == 0)
                return null;

            var position = PositionOf(rest.Transitions[0]);
            var isWord = position is PhonePosition.Begin or PhonePosition.Singleton;
            if (position != PhonePosition.NonWord && !(isWord && rest.Words.Length > 0))
                return null;

            var end = rest.EndOfPhone(0, Model, Reordered, out var oneOnly);
            if (end >= 0 && !oneOnly)
                Fault("a phone begins before the one before it ends");

            if (end >= 0 && position == PhonePosition.Begin)
                end = EndOfWord(rest, end);

            return end < 0 ? null : (isWord, end);
        }

        private int EndOfWord(PendingPath rest, int from)
        {
            var index = from;
            for (; index < rest.Transitions.Length && PositionOf(rest.Transitions[index]) is var position
                && position != PhonePosition.End; index++)
            {
                if (position != PhonePosition.Internal)
                    Fault($"phone {Model.PhoneOf(rest.Transitions[index])} is within a word, its place is {position}");
            }

            var end = rest.EndOfPhone(index, Model, Reordered, out var oneOnly);
            if (end >= 0 && !oneOnly)
                Fault("a phone begins before the one before it ends");

            return end;
        }

        private void End(int state, PendingPath rest, int output)
        {
            if (rest.IsEmpty)
            {
                Output.SetFinal(output, LatticeWeight.One, []);
            }
            else if (rest.Words.Length > 0 && rest.Transitions.Length > 0)
            {
                if (!IsWord(rest.Transitions))
                    Fault("a path ends within a word");

                AddWord(state, rest, output, rest.Transitions.Length);
            }
            else if (rest.Words.Length > 0)
            {
                Fault("words at the end of a path have no frames");
                Output.AddArc(output, new WordArc(0, LatticeWeight.One, [], StateOf(state, PendingPath.Empty)));
            }
            else
            {
                var isSilence = PositionOf(rest.Transitions[0]) == PhonePosition.NonWord;
                if (!isSilence || !EndsPhone(rest.Transitions))
                    Fault(isSilence ? "a path ends within a silence" : "a path ends with a part of a word that has no label");

                AddOther(state, rest, output, isSilence ? _silence : _partial, rest.Transitions.Length);
            }
        }

        private void AddWord(int state, PendingPath rest, int output, int frames) => Output.AddArc(
            output, new WordArc(rest.Words[0], LatticeWeight.One, rest.Transitions[..frames], StateOf(state, rest.Without(frames, 1))));

        private void AddOther(int state, PendingPath rest, int output, int label, int frames) => Output.AddArc(
            output, new WordArc(label, LatticeWeight.One, rest.Transitions[..frames], StateOf(state, rest.Without(frames, 0))));

        private bool IsWord(int[] transitions)
        {
            var (first, last) = (Model.PhoneOf(transitions[0]), Model.PhoneOf(transitions[^1]));
            return EndsPhone(transitions) && (boundaries.Of(first), boundaries.Of(last)) switch
            {
                (PhonePosition.Singleton, _) => first == last,
                (PhonePosition.Begin, PhonePosition.End) => true,
                _ => false,
            };
        }

        private bool EndsPhone(int[] transitions)
        {
            var index = transitions.Length - 1;
            while (Reordered && index > 0 && Model.IsSelfLoop(transitions[index]))
                index--;

            return Model.IsFinal(transitions[index]);
        }

        private PhonePosition PositionOf(int transition) => boundaries.Of(Model.PhoneOf(transition));
    }
}
