using Mimir.Core.Graph;
using Mimir.Core.Randomness;
using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>The unit of computation: one or a few native calls each way, parameters in the graph's store.</summary>
/// <param name="outputDim">The number of values that it gives for a frame.</param>
internal abstract class Block(int outputDim) : IDisposable
{
    /// <summary>Gets the number of values that it gives for a frame.</summary>
    public int OutputDim { get; } = outputDim;

    /// <summary>Gets the parameters that the block wants, in the order in which <see cref="Bind"/> hands them over.</summary>
    public virtual IReadOnlyList<ParameterDeclaration> Parameters => [];

    /// <summary>Gets a value indicating whether Backward can write its step straight into the parameters.</summary>
    public virtual bool FusesStep => false;

    /// <summary>Gets a value indicating whether a pass must say how its rows follow each other in time.</summary>
    public virtual bool NeedsSequences => false;

    /// <summary>Gets the state that is carried from batch to batch, a row a stream, or null when there is none.</summary>
    public virtual Tensor? State => null;

    /// <summary>Makes room for the carried state of so many streams; what is known stays.</summary>
    /// <param name="streams">The number of streams.</param>
    public virtual void ReserveStreams(int streams)
    {
    }

    /// <summary>Gets a value indicating whether its parameters are held to more than the loss asks: see <see cref="Constrain"/>.</summary>
    public virtual bool IsConstrained => false;

    /// <summary>Takes views on the store, and makes constants on the graph's device.</summary>
    /// <param name="values">A view for each declared parameter.</param>
    /// <param name="gradients">The same of the gradients.</param>
    /// <param name="device">The graph's device.</param>
    /// <param name="type">The graph's element type.</param>
    public virtual void Bind(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> gradients, Device device, ElementType type)
    {
    }

    /// <summary>Writes initial values, one array a declared parameter.</summary>
    /// <param name="random">The node's own sequence.</param>
    public virtual IReadOnlyList<float[]> InitialValues(Xoshiro256 random) => [];

    /// <summary>Computes <paramref name="output"/> <c>[N, OutputDim]</c>.</summary>
    /// <param name="pass">What this pass is about.</param>
    /// <param name="inputs">The outputs of the nodes before, <c>[N, D]</c>.</param>
    /// <param name="output">Where to write.</param>
    public abstract void Forward(in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output);

    /// <summary>Computes the gradients of the parameters, and of the inputs that want one.</summary>
    /// <param name="pass">What this pass is about; the same as in Forward.</param>
    /// <param name="inputs">As in Forward.</param>
    /// <param name="output">What Forward wrote.</param>
    /// <param name="outputGradient">The gradient at the output; may be overwritten.</param>
    /// <param name="inputGradients">Where to write, null where nothing below learns.</param>
    public abstract void Backward(
        in BlockPass pass, IReadOnlyList<Tensor> inputs, Tensor output, Tensor outputGradient, IReadOnlyList<Tensor?> inputGradients);

    /// <summary>Brings the parameters nearer to what they are held to, after a step.</summary>
    public virtual void Constrain()
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
