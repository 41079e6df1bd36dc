using Mimir.Base;
using Mimir.Kaldi.Tables;
using Mimir.Kaldi.Trees;

namespace Mimir.Kaldi.Alignments;

/// <summary>A state of the whole model: a state of a phone and its distributions in some contexts.</summary>
/// <param name="Phone">The phone, from 1.</param>
/// <param name="HmmState">The state of its topology, from 0.</param>
/// <param name="ForwardPdf">The distribution of the arcs that leave, from 0.</param>
/// <param name="SelfLoopPdf">The distribution of the self-loop; the same in all but chain models.</param>
public readonly record struct TransitionTuple(int Phone, int HmmState, int ForwardPdf, int SelfLoopPdf)
{
    /// <summary>Creates a state with one distribution.</summary>
    public TransitionTuple(int phone, int hmmState, int pdf)
        : this(phone, hmmState, pdf, pdf)
    {
    }
}

/// <summary>
/// The meaning of the transition-ids in alignments and graphs: the first part of Kaldi's <c>final.mdl</c>. Ids run from 1 over the
/// arcs of the tuples in order; distributions run from 0.
/// </summary>
public sealed class TransitionModel
{
    private readonly int[] _pdfs;
    private readonly int[] _tuples;
    private readonly int[] _firsts;
    private readonly float[] _logProbabilities;
    private readonly Lazy<Dictionary<TransitionTuple, int>> _indices;

    /// <summary>Creates a model.</summary>
    /// <param name="topology">The topologies of the phones.</param>
    /// <param name="tuples">The states in rising order of phone, state, and distributions.</param>
    /// <param name="logProbabilities">The natural logarithm of each transition-id's probability, element 0 unused; null takes
    /// the topology's.</param>
    /// <exception cref="ArgumentException">A tuple has no state in the topology, or the counts do not agree.</exception>
    public TransitionModel(
        HmmTopology topology, IReadOnlyList<TransitionTuple> tuples, IReadOnlyList<float>? logProbabilities = null)
    {
        Topology = topology;
        Tuples = tuples;
        _firsts = new int[tuples.Count + 1];
        List<int> owners = [-1];
        List<int> pdfs = [-1];
        List<float> initial = [0];
        for (var index = 0; index < tuples.Count; index++)
        {
            _firsts[index] = owners.Count;
            var state = StateOf(index);
            foreach (var arc in state.Transitions)
            {
                owners.Add(index);
                pdfs.Add(arc.State == tuples[index].HmmState ? tuples[index].SelfLoopPdf : tuples[index].ForwardPdf);
                initial.Add(MathF.Log(arc.Probability));
            }
        }

        _firsts[^1] = owners.Count;
        _indices = new(() => Enumerable.Range(0, tuples.Count).DistinctBy(index => tuples[index]).ToDictionary(index => tuples[index]));
        _tuples = [.. owners];
        _pdfs = [.. pdfs];
        _logProbabilities = [.. logProbabilities ?? initial];
        PdfCount = tuples.Count == 0 ? 0 : 1 + tuples.Max(tuple => Math.Max(tuple.ForwardPdf, tuple.SelfLoopPdf));
        if (_logProbabilities.Length != _pdfs.Length)
        {
            throw new ArgumentException(
                $"The model has {TransitionCount} transition-ids and {_logProbabilities.Length - 1} probabilities.");
        }

        if (_logProbabilities.Any(float.IsNaN))
            throw new ArgumentException("A transition probability is not a number.");
    }

    /// <summary>Gets the topologies of the phones.</summary>
    public HmmTopology Topology { get; }

    /// <summary>Gets the states in the order of their transition-ids.</summary>
    public IReadOnlyList<TransitionTuple> Tuples { get; }

    /// <summary>Gets the number of distributions.</summary>
    public int PdfCount { get; }

    /// <summary>Gets the number of transition-ids, which are 1 up to and including this.</summary>
    public int TransitionCount => _pdfs.Length - 1;

    /// <summary>Makes a model with the probabilities of the topology.</summary>
    /// <param name="tree">The distributions of the states.</param>
    /// <param name="topology">The topologies of all phones of the tree.</param>
    /// <exception cref="InputException">The tree has no distribution for a state, or a probability of the topology is 0.</exception>
    public static TransitionModel FromTree(ContextDependency tree, HmmTopology topology)
    {
        if (topology.Entries.Any(entry => entry.States.Any(state => state.Transitions.Any(arc => arc.Probability <= 0))))
            throw new InputException("The topology has an arc of probability 0; take the arc away, or give it a probability.");

        return new TransitionModel(topology, TransitionTuples.Of(tree, topology));
    }

    /// <summary>Reads the transition model at the start of a <c>final.mdl</c>, binary or text; the rest is ignored.</summary>
    /// <param name="path">The model; <c>.gz</c> is decompressed.</param>
    /// <param name="io">What may be opened; null means files and standard streams only.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is no model, or ends early.</exception>
    public static TransitionModel Read(string path, KaldiIoOptions? io = null) =>
        KaldiReader.ReadFile(path, io, Read, ObjectKinds.TransitionModel);

    /// <summary>Reads a transition model from a stream, behind the mark of binary data; what follows it is not touched.</summary>
    /// <param name="reader">The stream of a <c>final.mdl</c>.</param>
    /// <param name="binary">True for binary data, false for text.</param>
    /// <exception cref="InputException">There is no transition model, or it ends early.</exception>
    public static TransitionModel Read(KaldiReader reader, bool binary) => TransitionModelFormat.Read(reader, binary);

    /// <summary>Writes the model to a stream, for files in which more follows it.</summary>
    /// <param name="writer">Receives the model in its form, binary or text.</param>
    public void Write(KaldiWriter writer) => TransitionModelFormat.Write(writer, this);

    /// <summary>Writes the model as Kaldi does; programs that need only transition-ids, such as ali-to-pdf, read the file.</summary>
    /// <param name="wxfilename">The file's extended name; a file is whole or not there.</param>
    /// <param name="binary">Binary, or text with 7 digits.</param>
    /// <param name="io">What may be opened; null means files and the standard output.</param>
    public void Write(string wxfilename, bool binary = true, KaldiIoOptions? io = null) =>
        KaldiOutput.WriteOne(wxfilename, binary, Write, io);

    /// <summary>Returns the distribution of a transition-id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such transition-id.</exception>
    public int PdfOf(int transitionId) => _pdfs[Checked(transitionId)];

    /// <summary>Returns the phone of a transition-id.</summary>
    public int PhoneOf(int transitionId) => Tuples[_tuples[Checked(transitionId)]].Phone;

    /// <summary>Returns the state of the phone's topology that a transition-id leaves.</summary>
    public int HmmStateOf(int transitionId) => Tuples[_tuples[Checked(transitionId)]].HmmState;

    /// <summary>Returns the index of a transition-id in <see cref="Tuples"/>; Kaldi's transition-state is one more.</summary>
    public int TupleOf(int transitionId) => _tuples[Checked(transitionId)];

    /// <summary>Tests for a transition-id that stays in its state.</summary>
    public bool IsSelfLoop(int transitionId) => DestinationOf(transitionId) == HmmStateOf(transitionId);

    /// <summary>Tests for a transition-id that leads to the end of its phone.</summary>
    public bool IsFinal(int transitionId) =>
        DestinationOf(transitionId) == Topology.EntryOf(PhoneOf(transitionId)).States.Count - 1;

    /// <summary>Returns the natural logarithm of a transition-id's probability.</summary>
    public float LogProbabilityOf(int transitionId) => _logProbabilities[Checked(transitionId)];

    /// <summary>Returns the transition-id of a state's self-loop, or null where it has none.</summary>
    /// <param name="tuple">The index in <see cref="Tuples"/>.</param>
    public int? SelfLoopOf(int tuple)
    {
        for (var id = _firsts[tuple]; id < _firsts[tuple + 1]; id++)
        {
            if (IsSelfLoop(id))
                return id;
        }

        return null;
    }

    /// <summary>Returns the natural logarithm of the probability to leave a state; 0 where it has no self-loop.</summary>
    /// <param name="tuple">The index in <see cref="Tuples"/>.</param>
    public float LeavingLogProbabilityOf(int tuple)
    {
        if (SelfLoopOf(tuple) is not { } loop)
            return 0;

        // As Kaldi: a state that is never left gets a tiny probability, so that its graph has finite weights.
        var leaving = 1 - MathF.Exp(_logProbabilities[loop]);
        return MathF.Log(leaving <= 0 ? 1e-10f : leaving);
    }

    /// <summary>Returns the logarithm of a transition-id's probability with the scales of decoding graphs.</summary>
    /// <param name="transitionId">The transition-id.</param>
    /// <param name="transitionScale">Scale of the choice among the arcs that leave a state (Kaldi: --transition-scale).</param>
    /// <param name="selfLoopScale">Scale of the choice between the self-loop and leaving (Kaldi: --self-loop-scale).</param>
    public float ScaledLogProbabilityOf(int transitionId, float transitionScale, float selfLoopScale)
    {
        var whole = LogProbabilityOf(transitionId);
        if (transitionScale == selfLoopScale || IsSelfLoop(transitionId))
            return selfLoopScale * whole;

        var leaving = LeavingLogProbabilityOf(TupleOf(transitionId));
        return (selfLoopScale * leaving) + (transitionScale * (whole - leaving));
    }

    /// <summary>Returns the state of the phone's topology that a transition-id leads to.</summary>
    public int DestinationOf(int transitionId) =>
        StateOf(TupleOf(transitionId)).Transitions[TransitionIndexOf(transitionId)].State;

    /// <summary>Returns the transition-id of an arc of a tuple.</summary>
    /// <param name="tuple">The index in <see cref="Tuples"/>.</param>
    /// <param name="transitionIndex">The arc, from 0.</param>
    public int TransitionIdOf(int tuple, int transitionIndex) => _firsts[tuple] + transitionIndex;

    /// <summary>Finds a state.</summary>
    /// <returns>Its index in <see cref="Tuples"/>, or -1 where the model does not have it.</returns>
    public int IndexOf(TransitionTuple tuple) => _indices.Value.GetValueOrDefault(tuple, -1);

    /// <summary>Returns the place of a transition-id among the arcs of its state, from 0.</summary>
    public int TransitionIndexOf(int transitionId) => transitionId - _firsts[TupleOf(transitionId)];

    /// <summary>Copies the map from transition-ids to distributions; element 0 is -1.</summary>
    public int[] ToPdfMap() => [.. _pdfs];

    internal ReadOnlySpan<float> LogProbabilities => _logProbabilities;

    private int Checked(int transitionId) => transitionId >= 1 && transitionId < _pdfs.Length
        ? transitionId
        : throw new ArgumentOutOfRangeException(
            nameof(transitionId), transitionId, $"The model has transition-ids 1 to {TransitionCount}.");

    private HmmState StateOf(int index)
    {
        var tuple = Tuples[index];
        var states = Topology.EntryOf(tuple.Phone).States;
        if (tuple.HmmState < 0 || tuple.HmmState >= states.Count - 1 || tuple.ForwardPdf < 0 || tuple.SelfLoopPdf < 0)
            throw new ArgumentException($"{tuple} names a state that phone {tuple.Phone} does not have, or a negative distribution.");

        return states[tuple.HmmState];
    }
}
