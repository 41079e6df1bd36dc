using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Boundaries;

/// <summary>Options of <see cref="LexiconAligner"/>.</summary>
public sealed record LexiconAlignerOptions
{
    /// <summary>The word of phones at the end of a cut utterance that have no word; 0, the default, for none.</summary>
    public int PartialWordLabel { get; init; }

    /// <summary>True, the default, when the graph had self-loops behind the transition out of their state.</summary>
    public bool Reordered { get; init; } = true;

    /// <summary>Greatest number of states, 1000 aside, as a multiple of the phones' lattice; 0, the default, for no limit.</summary>
    public double MaxExpand { get; init; }
}

/// <summary>
/// Splits and joins the arcs of a word lattice so that each has the transition-ids of a word or a silence, by a lexicon; phones need
/// not tell their place in a word (Kaldi: lattice-align-words-lexicon).
/// </summary>
public sealed class LexiconAligner
{
    /// <summary>Aligns a lattice.</summary>
    /// <param name="lattice">The lattice.</param>
    /// <param name="model">The model of its transition-ids.</param>
    /// <param name="lexicon">The pronunciations.</param>
    /// <param name="options">What to do; null means the defaults.</param>
    /// <exception cref="InputException">A transition-id is not the model's, or a word is not in the lexicon.</exception>
    public static AlignedLattice Align(
        WordLattice lattice, TransitionModel model, AlignmentLexicon lexicon, LexiconAlignerOptions? options = null)
    {
        options ??= new();
        var phones = PhoneAligner.Align(lattice, model, new() { Reordered = options.Reordered, RemoveEpsilons = false });
        var aligned = new Walker(phones.Lattice, model, lexicon, options).Align();
        return aligned with { Faults = [.. phones.Faults, .. aligned.Faults] };
    }

    private sealed class Walker(WordLattice lattice, TransitionModel model, AlignmentLexicon lexicon, LexiconAlignerOptions options)
        : PathAligner<PendingPhones>(lattice, model, options.Reordered)
    {
        private const int FreeStates = 1000;

        private readonly int _partial = options.PartialWordLabel == 0 ? Unnamed : options.PartialWordLabel;
        private readonly List<(int State, PendingPhones Pending, int Output)> _ends = [];

        public AlignedLattice Align() => Result(Walk(
            PendingPhones.Empty,
            options.MaxExpand > 0 ? FreeStates + (int)Math.Min(int.MaxValue / 2, options.MaxExpand * Input.StateCount) : 0));

        protected override void Process(int state, PendingPhones rest, int output)
        {
            // Silences and other words that the lattice does not show.
            if (lexicon.LengthsOf(0) is { } silence)
                Take(state, rest, output, 0, silence, anew: false);

            if (rest.Words.Length > 0)
            {
                var lengths = lexicon.LengthsOf(rest.Words[0])
                    ?? throw new InputException($"word {rest.Words[0]} is not in the lexicon of the alignment");
                Take(state, rest, output, rest.Words[0], lengths, rest.WordIsFresh);
            }

            if (CanGoOn(rest))
            {
                foreach (var arc in Input.Arcs(state))
                {
                    var phone = arc.Alignment.Length == 0 ? 0 : Model.PhoneOf(arc.Alignment[0]);
                    Output.AddArc(output, new WordArc(0, arc.Weight, [], StateOf(arc.Next, rest.Advance(arc, phone))));
                }
            }

            if (!Input.Final(state).IsZero)
                _ends.Add((state, rest, output));
        }

        protected override void Finish()
        {
            if (SetFinals(_ends))
                return;

            // A cut utterance: what waits at its end becomes a last word.
            Fault("no path ends with a word, what is left becomes a part of one");
            foreach (var (state, rest, output) in _ends)
            {
                if (!rest.IsEmpty && !Output.ArcsOf(output).Any(arc => arc.Word != 0))
                {
                    var word = rest.Words.Length > 0 ? rest.Words[0] : _partial;
                    var end = Output.AddState();
                    Output.AddArc(output, new WordArc(word, LatticeWeight.One, [.. rest.Frames.SelectMany(frames => frames)], end));
                    Output.SetFinal(end, LatticeWeight.One, []);
                }
            }
        }

        private bool SetFinals(IEnumerable<(int State, PendingPhones Pending, int Output)> ends)
        {
            var any = false;
            foreach (var (_, _, output) in ends.Where(end => end.Pending.IsEmpty))
            {
                Output.SetFinal(output, LatticeWeight.One, []);
                any = true;
            }

            return any;
        }

        // Takes beginnings of the phones as a word, those that could not be tried before.
        private void Take(int state, PendingPhones rest, int output, int word, (int Least, int Most) lengths, bool anew)
        {
            var all = anew || rest.PhoneFreshness == Freshness.All;
            if (!all && rest.PhoneFreshness == Freshness.None)
                return;

            var (least, most) = all
                ? (lengths.Least, Math.Min(lengths.Most, rest.Phones.Length))
                : (rest.Phones.Length, Math.Min(lengths.Most, rest.Phones.Length));
            for (var count = Math.Max(least, lengths.Least); count <= most; count++)
            {
                if (lexicon.Find(word, rest.Phones.AsSpan(0, count)) is { } replacement)
                {
                    int[] frames = [.. rest.Frames.Take(count).SelectMany(phone => phone)];
                    var next = StateOf(state, rest.Without(count, word != 0));
                    Output.AddArc(output, new WordArc(replacement == 0 ? Unnamed : replacement, LatticeWeight.One, frames, next));
                }
            }
        }

        // False when no longer sequence of phones can become a silence or the word.
        private bool CanGoOn(PendingPhones rest) => rest.Phones.Length == 0 || rest.Words.Length == 0
            || lexicon.Begins(0, rest.Phones) || lexicon.Begins(rest.Words[0], rest.Phones);
    }
}
