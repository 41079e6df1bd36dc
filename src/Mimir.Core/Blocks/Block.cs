using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>The unit of computation: one or a few native calls each way, with parameters in the store of the graph.</summary>
/// <param name="outputDim">The number of output values of a frame.</param>
internal abstract class Block(int outputDim) : IDisposable
{
    /// <summary>Gets the number of output values of a frame.</summary>
    public int OutputDim { get; } = outputDim;

    /// <summary>Gets the parameters of the block, in the order in which <see cref="Bind"/> receives them.</summary>
    public virtual IReadOnlyList<ParameterDeclaration> Parameters => [];

    /// <summary>True when Backward can add its step straight to the parameters.</summary>
    public virtual bool FusesStep => false;

    /// <summary>True when a pass must state the order of its rows in time.</summary>
    public virtual bool NeedsSequences => false;

    /// <summary>Gets the state that is carried from batch to batch, <c>[streams, values]</c>, or null when there is none.</summary>
    public virtual Tensor? State => null;

    /// <summary>True when the parameters have a constraint besides the loss: see <see cref="Constrain"/>.</summary>
    public virtual bool IsConstrained => false;

    /// <summary>True when the block sets values to zero in training, at a rate that <see cref="SetDropout"/> can change.</summary>
    public virtual bool HasDropout => false;

    /// <summary>Changes the rate of dropout.</summary>
    /// <param name="rate">The rate, from 0 to below 1.</param>
    public virtual void SetDropout(double rate)
    {
    }

    /// <summary>Gets the non-linearity at the output and the number of its units; none by default.</summary>
    public virtual (Activation Activation, int Units) Nonlinearity => (Activation.None, 0);

    /// <summary>Gets or sets the self-repair of the non-linearity; null for none.</summary>
    public SelfRepair? Repair { get; set; }

    /// <summary>Extends the carried state to a number of streams; states so far stay.</summary>
    /// <param name="streams">The number of streams.</param>
    public virtual void ReserveStreams(int streams)
    {
    }

    /// <summary>Receives the views on the parameters, and creates constants on the device of the graph.</summary>
    /// <param name="values">A view for each declared parameter.</param>
    /// <param name="gradients">The same of the gradients.</param>
    /// <param name="device">The device of the graph.</param>
    /// <param name="type">The element type of the graph.</param>
    public virtual void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ScalarType type)
    {
    }

    /// <summary>Draws the initial values, one array a declared parameter.</summary>
    /// <param name="random">The random sequence of the node.</param>
    public virtual IReadOnlyList<float[]> InitialValues(SeededRandom random) => [];

    /// <summary>Computes <paramref name="output"/>, <c>[N, OutputDim]</c>.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="inputs">The outputs of the nodes before, <c>[N, D]</c> each.</param>
    /// <param name="output">The tensor to write.</param>
    public abstract void Forward(in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output);

    /// <summary>Computes the gradients of the parameters and of the inputs.</summary>
    /// <param name="pass">The pass, the same as in Forward.</param>
    /// <param name="inputs">The inputs of Forward.</param>
    /// <param name="output">The output of Forward.</param>
    /// <param name="outputGradient">The gradient at the output; may be overwritten.</param>
    /// <param name="inputGradients">The tensors to write, null where no node below is trained.</param>
    public abstract void Backward(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients);

    /// <summary>Gets the matrices for which natural gradient needs the factors of their gradients; none by default.</summary>
    public virtual IReadOnlyList<FactoredParameters> Factored => [];

    /// <summary>The factors of the gradients of <see cref="Factored"/>, right after Backward of the same pass.</summary>
    /// <remarks>New tensors are left to the dispose scope of the caller.</remarks>
    /// <inheritdoc cref="Backward"/>
    public virtual IReadOnlyList<GradientFactors> Factors(
        in BatchPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient) => [];

    /// <summary>Moves the parameters towards their constraint, after a step.</summary>
    public virtual void Constrain()
    {
    }

    /// <summary>Repairs the gradient at the non-linearity where that is asked for.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="y">The output of the non-linearity.</param>
    /// <param name="dy">The gradient at it.</param>
    /// <returns>The non-linearity whose derivative is still to be multiplied.</returns>
    protected Activation Repaired(in BatchPass pass, Tensor y, Tensor dy)
    {
        if (Repair is null)
            return Nonlinearity.Activation;

        Repair.Backward(pass, y, dy);
        return Activation.None;
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
