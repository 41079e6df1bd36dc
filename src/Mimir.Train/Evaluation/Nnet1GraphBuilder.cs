using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Nnet1;
using CoreActivation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Evaluation;

/// <summary>Adds one component of nnet1 after another to a graph.</summary>
/// <param name="origin">The file, for messages.</param>
/// <param name="fuse">True to compute activations with the affine transform before them.</param>
internal sealed class Nnet1GraphBuilder(string origin, bool fuse)
{
    private readonly List<NodeSpec> _nodes = [];
    private readonly Dictionary<string, int> _counts = [];
    private int _inputDim;

    /// <summary>Gets the parameters, by the names of the graph's slices.</summary>
    public Dictionary<string, HostTensor> Weights { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets the node of each component.</summary>
    public List<string> NodeOf { get; } = [];

    /// <summary>Gets the graph so far.</summary>
    /// <exception cref="InputException">There is nothing in it.</exception>
    public GraphSpec Spec => _nodes.Count > 0
        ? new GraphSpec(_inputDim, _nodes)
        : throw new InputException($"{origin}: the network has no components.");

    /// <summary>Adds a component.</summary>
    /// <param name="components">All components.</param>
    /// <param name="index">Which one.</param>
    /// <param name="isConstant">True when its shift or scale does not learn.</param>
    public void Add(IReadOnlyList<NnetComponent> components, int index, bool isConstant)
    {
        var component = components[index];
        if (index == 0)
        {
            _inputDim = component.InputDim;
            if (component is not Splice)
                AddNode("splice", new SpliceSpec([0]));
        }

        var next = index + 1 < components.Count ? components[index + 1] : null;
        NodeOf.Add(component switch
        {
            Splice splice when index == 0 => AddNode("splice", new SpliceSpec(splice.Offsets)),
            AddShift shift => AddShift(shift, isConstant),
            Rescale scale => AddScale(scale, isConstant),
            Copy copy => AddNode("copy", new CopySpec(copy.Indices)),
            AffineTransform affine => AddAffine(affine, fuse ? ActivationOf(next) : CoreActivation.None),
            LinearTransform linear => AddLinear(linear),
            LstmProjected lstm => AddLstm(lstm),
            BlstmProjected blstm => AddBlstm(blstm),
            _ when fuse && index > 0 && components[index - 1] is AffineTransform && ActivationOf(component) != CoreActivation.None =>
                NodeOf[^1],
            Sigmoid or Tanh => AddNode("activation", new ActivationSpec(ActivationOf(component))),
            ParametricRelu relu => AddRelu(relu),
            Dropout dropout => AddNode("dropout", new DropoutSpec(dropout.Rate)),
            Softmax => AddNode("softmax", new SoftmaxSpec()),
            GenericComponent { Kind: "HiddenSoftmax" } => AddNode("softmax", new SoftmaxSpec()),
            GenericComponent { Kind: "BlockSoftmax" } when next is null && index > 0 => NodeOf[^1],
            Splice => throw new InputException(
                $"{origin}: expected <Splice> as the first component only, it is component {index + 1}."),
            _ => throw new InputException(
                $"{origin}: component {index + 1}, <{component.Name}>, can be read and written here, but not computed."),
        });
    }

    private static CoreActivation ActivationOf(NnetComponent? component) => component switch
    {
        Sigmoid => CoreActivation.Sigmoid,
        Tanh => CoreActivation.Tanh,
        ParametricRelu { AlphaLearnRateCoef: 0, BetaLearnRateCoef: 0 } relu
            when relu.Alpha.All(alpha => alpha == 1) && relu.Beta.All(beta => beta == 0) => CoreActivation.Relu,
        _ => CoreActivation.None,
    };

    private string AddShift(AddShift shift, bool isConstant)
    {
        var rate = isConstant ? 0 : shift.LearnRateCoef;
        var name = AddNode("add-shift", new AddShiftSpec(shift.Shift) { LearnRateCoef = rate });
        if (rate != 0)
            Weights[$"{name}.shift"] = new([shift.OutputDim], shift.Shift);

        return name;
    }

    private string AddScale(Rescale scale, bool isConstant)
    {
        var rate = isConstant ? 0 : scale.LearnRateCoef;
        var name = AddNode("rescale", new RescaleSpec(scale.Scale) { LearnRateCoef = rate });
        if (rate != 0)
            Weights[$"{name}.scale"] = new([scale.OutputDim], scale.Scale);

        return name;
    }

    private string AddAffine(AffineTransform affine, CoreActivation activation)
    {
        var name = AddNode("affine", new AffineSpec
        {
            OutputDim = affine.OutputDim,
            InputDim = affine.InputDim,
            Activation = activation,
            LearnRateCoef = affine.LearnRateCoef,
            BiasLearnRateCoef = affine.BiasLearnRateCoef,
            MaxNorm = affine.MaxNorm,
        });
        Weights[$"{name}.weight"] = new([affine.OutputDim, affine.InputDim], affine.Weights.Data);
        Weights[$"{name}.bias"] = new([affine.OutputDim], affine.Bias);
        return name;
    }

    private string AddLinear(LinearTransform linear)
    {
        var name = AddNode("linear", new LinearSpec(linear.OutputDim) { LearnRateCoef = linear.LearnRateCoef });
        Weights[$"{name}.weight"] = new([linear.OutputDim, linear.InputDim], linear.Weights.Data);
        return name;
    }

    private string AddLstm(LstmProjected lstm)
    {
        var name = AddNode("lstm", LstmWeights.SpecOf(lstm));
        LstmWeights.Store(Weights, $"{name}.", lstm.Parameters);
        return name;
    }

    private string AddBlstm(BlstmProjected blstm)
    {
        var name = AddNode("blstm", LstmWeights.SpecOf(blstm));
        LstmWeights.Store(Weights, $"{name}.{LstmWeights.Forward}", blstm.Forward);
        LstmWeights.Store(Weights, $"{name}.{LstmWeights.Backward}", blstm.Backward);
        return name;
    }

    private string AddRelu(ParametricRelu relu)
    {
        var name = AddNode("parametric-relu", new ParametricReluSpec
        {
            AlphaLearnRateCoef = relu.AlphaLearnRateCoef,
            BetaLearnRateCoef = relu.BetaLearnRateCoef,
        });
        Weights[$"{name}.alpha"] = new([relu.OutputDim], relu.Alpha);
        Weights[$"{name}.beta"] = new([relu.OutputDim], relu.Beta);
        return name;
    }

    private string AddNode(string kind, BlockSpec block)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        _nodes.Add(new NodeSpec($"{kind}{count}", block));
        return _nodes[^1].Name;
    }
}
