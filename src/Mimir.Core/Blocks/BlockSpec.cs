using System.Reflection;
using System.Text.Json.Serialization;

namespace Mimir.Core.Blocks;

/// <summary>The computation of a node of a graph, as data. Dimensions that follow from the inputs are left out.</summary>
/// <remarks>
/// A new block is one file and one line here: the name of its type in <c>graph.json</c>. Properties that a recipe sets have an
/// option attribute. Those without one are part of the graph alone: a recipe derives them from the place of the layer, such as
/// the deviation of the initial weights or the height of a feature map.
/// </remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(SpliceSpec), "splice")]
[JsonDerivedType(typeof(AddShiftSpec), "add-shift")]
[JsonDerivedType(typeof(RescaleSpec), "rescale")]
[JsonDerivedType(typeof(AffineSpec), "affine")]
[JsonDerivedType(typeof(LinearSpec), "linear")]
[JsonDerivedType(typeof(ActivationSpec), "activation")]
[JsonDerivedType(typeof(ParametricReluSpec), "parametric-relu")]
[JsonDerivedType(typeof(CopySpec), "copy")]
[JsonDerivedType(typeof(BatchNormSpec), "batch-norm")]
[JsonDerivedType(typeof(LayerNormSpec), "layer-norm")]
[JsonDerivedType(typeof(DropoutSpec), "dropout")]
[JsonDerivedType(typeof(TdnnSpec), "tdnn")]
[JsonDerivedType(typeof(SoftmaxSpec), "softmax")]
[JsonDerivedType(typeof(SumSpec), "sum")]
[JsonDerivedType(typeof(AppendSpec), "append")]
[JsonDerivedType(typeof(LstmSpec), "lstm")]
[JsonDerivedType(typeof(BlstmSpec), "blstm")]
[JsonDerivedType(typeof(GruSpec), "gru")]
[JsonDerivedType(typeof(LcBlstmSpec), "lc-blstm")]
[JsonDerivedType(typeof(DfsmnMemorySpec), "fsmn-memory")]
[JsonDerivedType(typeof(ConvolutionSpec), "conv2d")]
[JsonDerivedType(typeof(MaxPoolSpec), "max-pool")]
[JsonDerivedType(typeof(PnormSpec), "pnorm")]
[JsonDerivedType(typeof(MaxoutSpec), "maxout")]
[JsonDerivedType(typeof(RenormSpec), "renorm")]
[JsonDerivedType(typeof(HighwaySpec), "highway")]
[JsonDerivedType(typeof(StatisticsPoolingSpec), "stats")]
[JsonDerivedType(typeof(RestrictedAttentionSpec), "restricted-attention")]
[JsonDerivedType(typeof(ConformerSpec), "conformer")]
[JsonDerivedType(typeof(ModuleSpec), "module")]
public abstract record BlockSpec
{
    /// <summary>Gets the only input dimension that the block accepts, or 0 when it accepts any.</summary>
    internal virtual int RequiredInputDim => 0;

    /// <summary>Gets an input dimension that the block accepts.</summary>
    internal virtual int PossibleInputDim => Math.Max(1, RequiredInputDim);

    /// <summary>True when several inputs may differ in dimension; the block is then built for their sum.</summary>
    internal virtual bool TakesAnyDimensions => false;

    /// <summary>True when the block reads the frame table itself, by row number.</summary>
    internal virtual bool ReadsFrames => false;

    /// <summary>True when the block accepts several inputs.</summary>
    public virtual bool AcceptsManyInputs() => false;

    /// <summary>True when the block needs the order of the frames in time.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public bool NeedsSequences()
    {
        using var block = Build(PossibleInputDim);
        return block.NeedsSequences;
    }

    /// <summary>The number of output values of a frame.</summary>
    /// <param name="inputDims">The dimensions of the inputs.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    public int OutputDimOf(params IReadOnlyList<int> inputDims)
    {
        using var block = Build(TakesAnyDimensions ? inputDims.Sum() : inputDims[0]);
        return block.OutputDim;
    }

    /// <summary>The name of the type of the block in <c>graph.json</c>.</summary>
    public string TypeName() => typeof(BlockSpec).GetCustomAttributes<JsonDerivedTypeAttribute>()
        .First(known => known.DerivedType == GetType()).TypeDiscriminator as string ?? "";

    /// <summary>The reason why the block cannot take a number of inputs, or null when it can.</summary>
    /// <param name="count">The number of inputs, at least 1.</param>
    internal virtual string? InputProblem(int count) => count > 1 && !AcceptsManyInputs() ? $"takes one input, got {count}" : null;

    /// <summary>Creates the block.</summary>
    /// <param name="inputDim">The dimension of its input, already checked.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    internal abstract Block Build(int inputDim);
}
