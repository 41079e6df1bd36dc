using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Building;

/// <summary>The usual HMMs of phones (Kaldi: gen_topo.pl).</summary>
public static class PhoneTopologies
{
    /// <summary>Makes the topologies: speech from left to right; silence with an entry, an exit, and between them states that lead to
    /// each other.</summary>
    /// <param name="speech">The speech phones, in rising order; may be empty.</param>
    /// <param name="silence">The silence phones, in rising order.</param>
    /// <param name="speechStates">States of speech phones.</param>
    /// <param name="silenceStates">States of silence phones; not 2.</param>
    /// <exception cref="InputException">Silence with two states.</exception>
    public static HmmTopology Make(IReadOnlyList<int> speech, IReadOnlyList<int> silence, int speechStates = 3, int silenceStates = 5)
    {
        if (silenceStates == 2)
            throw new InputException("num-sil-states: expected 1 or at least 3 states, got 2");

        var entries = new List<TopologyEntry>();
        if (speech.Count > 0)
            entries.Add(new TopologyEntry(speech, [.. Enumerable.Range(0, speechStates).Select(Forward), End]));
        if (silence.Count > 0)
        {
            entries.Add(new TopologyEntry(
                silence,
                silenceStates == 1
                    ? [Forward(0), End]
                    : [
                        Connected(0, 0, silenceStates - 2, silenceStates),
                        .. Enumerable.Range(1, silenceStates - 2).Select(state => Connected(state, 1, silenceStates - 1, silenceStates)),
                        Forward(silenceStates - 1),
                        End,
                    ]));
        }

        return new HmmTopology(entries);
    }

    private static HmmState End => new(-1, -1, []);

    private static HmmState Forward(int state) => new(state, state, [new(state, 0.75f), new(state + 1, 0.25f)]);

    private static HmmState Connected(int state, int first, int last, int states) => new(
        state, state, [.. Enumerable.Range(first, last - first + 1).Select(next => new HmmTransition(next, 1f / (states - 1)))]);
}
