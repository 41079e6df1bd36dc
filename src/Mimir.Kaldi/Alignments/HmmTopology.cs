using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>An arc of a phone's HMM.</summary>
/// <param name="State">The state at its end.</param>
/// <param name="Probability">Its probability before training.</param>
public readonly record struct HmmTransition(int State, float Probability);

/// <summary>A state of a phone's HMM.</summary>
/// <param name="ForwardPdfClass">The class of the distribution that leaving arcs use; -1 for a state that emits nothing.</param>
/// <param name="SelfLoopPdfClass">The class that the self-loop uses; the same in all but chain models.</param>
/// <param name="Transitions">The arcs in the order of their transition-ids.</param>
public sealed record HmmState(int ForwardPdfClass, int SelfLoopPdfClass, IReadOnlyList<HmmTransition> Transitions);

/// <summary>The HMM of some phones: its last state is the end and has no arcs.</summary>
/// <param name="Phones">The phones, from 1, in rising order.</param>
/// <param name="States">The states.</param>
public sealed record TopologyEntry(IReadOnlyList<int> Phones, IReadOnlyList<HmmState> States)
{
    /// <summary>Tests for an HMM of the same states, arcs and probabilities; the phones do not count.</summary>
    public bool HasStatesOf(TopologyEntry other) => States.Count == other.States.Count && States.Zip(other.States).All(pair =>
        pair.First.ForwardPdfClass == pair.Second.ForwardPdfClass && pair.First.SelfLoopPdfClass == pair.Second.SelfLoopPdfClass
        && pair.First.Transitions.SequenceEqual(pair.Second.Transitions));
}

/// <summary>The HMM topologies of all phones: the contents of Kaldi's <c>topo</c> files.</summary>
public sealed class HmmTopology
{
    private readonly Dictionary<int, TopologyEntry> _byPhone = [];

    /// <summary>Creates a topology.</summary>
    /// <param name="entries">The topologies; no phone may come twice.</param>
    /// <exception cref="ArgumentException">A phone comes twice, or an arc leads nowhere.</exception>
    public HmmTopology(IReadOnlyList<TopologyEntry> entries)
    {
        Entries = entries;
        foreach (var entry in entries)
        {
            Check(entry);
            foreach (var phone in entry.Phones)
            {
                if (phone <= 0 || !_byPhone.TryAdd(phone, entry))
                    throw new ArgumentException($"Phone {phone} is not positive or has two topologies.", nameof(entries));
            }
        }

        Phones = [.. _byPhone.Keys.Order()];
        HasOnePdfPerState = entries.All(entry => entry.States.All(state => state.ForwardPdfClass == state.SelfLoopPdfClass));
    }

    /// <summary>Gets the topologies.</summary>
    public IReadOnlyList<TopologyEntry> Entries { get; }

    /// <summary>Gets all phones in rising order.</summary>
    public IReadOnlyList<int> Phones { get; }

    /// <summary>True when every state's self-loop shares the distribution of its other arcs.</summary>
    public bool HasOnePdfPerState { get; }

    /// <summary>Reads a topology, binary or text.</summary>
    /// <param name="rxfilename">The file's extended name.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">It is not a topology.</exception>
    public static HmmTopology Read(string rxfilename, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(rxfilename, io, TopologyFormat.Read, ObjectKinds.Topology);

    /// <summary>Returns the topology of a phone.</summary>
    /// <exception cref="ArgumentException">The phone has none.</exception>
    public TopologyEntry EntryOf(int phone) => _byPhone.TryGetValue(phone, out var entry)
        ? entry
        : throw new ArgumentException($"Phone {phone} has no topology.", nameof(phone));

    /// <summary>Counts the classes of distributions that the states of a phone use: one more than the largest.</summary>
    /// <exception cref="ArgumentException">The phone has no topology.</exception>
    public int PdfClassCountOf(int phone) =>
        1 + EntryOf(phone).States.Max(state => Math.Max(0, Math.Max(state.ForwardPdfClass, state.SelfLoopPdfClass)));

    /// <summary>Finds the smallest number of frames that a phone takes: the emitting states on its shortest path.</summary>
    /// <exception cref="ArgumentException">The phone has no topology, or no path leads to its end.</exception>
    public int ShortestLengthOf(int phone)
    {
        var states = EntryOf(phone).States;
        var lengths = new int[states.Count];
        Array.Fill(lengths, int.MaxValue);
        lengths[0] = 0;
        for (var changed = true; changed;)
        {
            changed = false;
            for (var from = 0; from < states.Count; from++)
            {
                if (lengths[from] == int.MaxValue)
                    continue;

                var length = lengths[from] + (states[from].ForwardPdfClass < 0 ? 0 : 1);
                foreach (var arc in states[from].Transitions.Where(arc => length < lengths[arc.State]))
                    (lengths[arc.State], changed) = (length, true);
            }
        }

        return lengths[^1] < int.MaxValue
            ? lengths[^1]
            : throw new ArgumentException($"The topology of phone {phone} has no path to its end.", nameof(phone));
    }

    private static void Check(TopologyEntry entry)
    {
        if (entry.States.Count == 0 || entry.States[^1].Transitions.Count > 0)
            throw new ArgumentException("The last state of a topology is its end and has no arcs.");

        foreach (var state in entry.States.SkipLast(1))
        {
            if (state.Transitions.Count == 0 || state.Transitions.Any(arc => arc.State < 0 || arc.State >= entry.States.Count))
                throw new ArgumentException("Each state of a topology but the last has arcs to states that exist.");
            if (state.Transitions.Any(arc => !float.IsFinite(arc.Probability) || arc.Probability < 0))
                throw new ArgumentException("The probabilities of a topology are numbers from 0.");
        }
    }
}
