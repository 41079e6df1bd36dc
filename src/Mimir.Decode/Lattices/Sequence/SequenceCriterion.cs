using System.Numerics;
using Mimir.Base;
using Mimir.Kaldi.Alignments;

namespace Mimir.Decode.Lattices.Sequence;

/// <summary>A criterion of whole utterances: the paths of a lattice against a reference.</summary>
/// <remarks>
/// <para>Results are exact sums over all paths in double precision.</para>
/// <para>As in Kaldi, gradients lack the factor of the acoustic scale, by which the true derivative is smaller; a learning rate is
/// for them.</para>
/// </remarks>
public abstract class SequenceCriterion
{
    private protected SequenceCriterion(TransitionModel model, SequenceScales scales) =>
        (Model, Scales, Pdfs) = (model, scales, model.ToPdfMap());

    /// <summary>Gets the model of transition-ids.</summary>
    private protected TransitionModel Model { get; }

    /// <summary>Gets the factors of scores.</summary>
    private protected SequenceScales Scales { get; }

    /// <summary>Gets the pdf of each transition-id.</summary>
    private protected int[] Pdfs { get; }

    /// <summary>Evaluates an utterance.</summary>
    /// <param name="lattice">The competitors.</param>
    /// <param name="reference">The transition-id of each frame.</param>
    /// <param name="outputs">The outputs of the network for the utterance.</param>
    /// <param name="gradient">Receives the derivative of the negated criterion by the outputs, laid out as they are; the rows of the
    /// utterance hold zeros before. Empty for none.</param>
    /// <exception cref="InputException">Lattice, reference and outputs differ in frames or are of another model, or the outputs are
    /// not finite.</exception>
    public SequenceResult Evaluate<T>(
        DenominatorLattice lattice, ReadOnlySpan<int> reference, OutputRows<T> outputs, Span<T> gradient)
        where T : struct, IFloatingPointIeee754<T>
    {
        if (lattice.Frames != outputs.Frames || reference.Length != outputs.Frames)
        {
            throw new InputException(
                $"the lattice has {lattice.Frames} frames, the reference {reference.Length}, the outputs {outputs.Frames}");
        }

        if (Model.PdfCount > outputs.Columns)
            throw new InputException($"the model has {Model.PdfCount} pdfs, the network only {outputs.Columns} outputs");

        foreach (var transition in reference)
        {
            if (transition < 1 || transition >= Pdfs.Length)
                throw new InputException($"the model has transition-ids 1 to {Pdfs.Length - 1}, the reference has {transition}");
        }

        using var rescored = RescoredLattice.Compute(lattice, outputs, Pdfs, Scales);
        return Evaluate(rescored, lattice.Times, reference, outputs, gradient);
    }

    private protected abstract SequenceResult Evaluate<T>(
        RescoredLattice lattice, int[] times, ReadOnlySpan<int> reference, OutputRows<T> outputs, Span<T> gradient)
        where T : struct, IFloatingPointIeee754<T>;
}

/// <summary>The result of a criterion for an utterance.</summary>
/// <param name="Objective">The criterion, which training raises, summed over frames.</param>
/// <param name="OnReference">The posterior of the reference's pdf, summed over frames; 0 where the criterion does not ask.</param>
/// <param name="Mismatched">The frames whose reference is not in the lattice; empty where the criterion does not ask.</param>
public readonly record struct SequenceResult(double Objective, double OnReference, IReadOnlyList<int> Mismatched);
