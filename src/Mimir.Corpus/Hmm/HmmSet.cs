using Mimir.Corpus.Digits;
using Mimir.Kaldi.Alignments;

namespace Mimir.Corpus.Hmm;

/// <summary>A phone in its word, the unit of alignments and graphs.</summary>
/// <param name="PhoneId">The phone's number in <c>phones.txt</c>.</param>
/// <param name="FirstPdf">The pdf of the first state; those of the other states follow.</param>
internal sealed record HmmUnit(int PhoneId, int FirstPdf);

/// <summary>
/// The hidden Markov models of the corpus: three states from left to right for every phone. Pdfs are tied by word, as in a
/// context-dependent tree: the <c>l</c> of 零 is not that of 六.
/// </summary>
internal sealed class HmmSet
{
    /// <summary>The emitting states of a phone.</summary>
    public const int States = 3;

    private const float LoopProbability = 0.75f;
    private readonly Dictionary<(int Phone, int State, int Pdf), int> _tuples = [];

    /// <summary>Numbers the units, pdfs and transition-ids.</summary>
    public HmmSet()
    {
        Silence = new HmmUnit(DigitLexicon.PhoneId(DigitLexicon.Silence), 0);
        var units = new List<HmmUnit> { Silence };
        foreach (var word in DigitLexicon.Words)
        {
            var phones = word.Phones.Select((phone, i) =>
                new HmmUnit(DigitLexicon.PhoneId(phone), States * (units.Count + i))).ToArray();
            units.AddRange(phones);
            WordUnits = [.. WordUnits, phones];
        }

        PdfCount = units.Count * States;
        Topology = new HmmTopology([new TopologyEntry(
            [.. Enumerable.Range(1, DigitLexicon.Phones.Count)],
            [.. Enumerable.Range(0, States).Select(LeftToRight), new HmmState(-1, -1, [])])]);
        Tuples = [.. units
            .SelectMany(unit => Enumerable.Range(0, States).Select(state =>
                new TransitionTuple(unit.PhoneId, state, unit.FirstPdf + state)))
            .OrderBy(tuple => tuple.Phone).ThenBy(tuple => tuple.HmmState).ThenBy(tuple => tuple.ForwardPdf)];
        for (var i = 0; i < Tuples.Count; i++)
            _tuples.Add((Tuples[i].Phone, Tuples[i].HmmState, Tuples[i].ForwardPdf), i);
    }

    /// <summary>Gets the unit of silence.</summary>
    public HmmUnit Silence { get; }

    /// <summary>Gets the units of each word of <see cref="DigitLexicon.Words"/>.</summary>
    public IReadOnlyList<IReadOnlyList<HmmUnit>> WordUnits { get; } = [];

    /// <summary>Gets the number of pdfs.</summary>
    public int PdfCount { get; }

    /// <summary>Gets the topology of the phones.</summary>
    public HmmTopology Topology { get; }

    /// <summary>Gets the states in Kaldi's order.</summary>
    public IReadOnlyList<TransitionTuple> Tuples { get; }

    /// <summary>The transition-id of staying in a state.</summary>
    public int SelfLoop(HmmUnit unit, int state) => (2 * TupleOf(unit, state)) + 1;

    /// <summary>The transition-id of leaving a state.</summary>
    public int Forward(HmmUnit unit, int state) => (2 * TupleOf(unit, state)) + 2;

    /// <summary>Estimates transition probabilities from alignments.</summary>
    /// <param name="alignments">Transition-ids of utterances; none gives the topology's probabilities.</param>
    /// <remarks>
    /// One visit of each kind is added to every state's counts, and a state that is always left at once still loops with
    /// probability 0.01, as Kaldi's floor has it.
    /// </remarks>
    public TransitionModel Estimate(IEnumerable<int[]> alignments)
    {
        var counts = new double[(2 * Tuples.Count) + 1];
        foreach (var id in alignments.SelectMany(ids => ids))
            counts[id]++;
        var logs = new float[counts.Length];
        for (var loop = 1; loop < counts.Length; loop += 2)
        {
            var probability = Math.Clamp((counts[loop] + 3) / (counts[loop] + counts[loop + 1] + 4), 0.01, 0.99);
            logs[loop] = (float)Math.Log(probability);
            logs[loop + 1] = (float)Math.Log(1 - probability);
        }

        return new TransitionModel(Topology, Tuples, logs);
    }

    private static HmmState LeftToRight(int state) => new(
        state, state, [new HmmTransition(state, LoopProbability), new HmmTransition(state + 1, 1 - LoopProbability)]);

    private int TupleOf(HmmUnit unit, int state) => _tuples[(unit.PhoneId, state, unit.FirstPdf + state)];
}
