using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Activation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Training;

/// <summary>Makes the graph that a recipe describes, with nnet1's initialisation (He's for ReLU).</summary>
/// <remarks>
/// Weights are normal with the deviation 3.5 sqrt(2 / (in + out)), in the first layer smaller by sqrt(1 / 12), whose inputs
/// are not in [0, 1] but of unit variance; biases of sigmoid layers are uniform in -2 ± 2. Follows
/// utils/nnet/make_nnet_proto.py.
/// </remarks>
public sealed class ModelBuilder
{
    private readonly List<NodeSpec> _nodes = [];
    private readonly Dictionary<string, int> _counts = [];
    private bool _first = true;
    private bool _rectified;
    private int _dim;

    private ModelBuilder(int dim) => _dim = dim;

    /// <summary>Builds the graph.</summary>
    /// <param name="recipe">Splicing, normalisation and layers.</param>
    /// <param name="inputDim">The values of a frame.</param>
    /// <param name="classes">The pdfs of the transition model.</param>
    /// <param name="moments">Statistics of the spliced training features, or null to leave them as they are.</param>
    /// <exception cref="FormatException">The layers do not make a classifier of so many classes.</exception>
    public static GraphSpec Build(Recipe recipe, int inputDim, int classes, SplicedMoments? moments)
    {
        var builder = new ModelBuilder(inputDim);
        builder.AddSplice(recipe.Features.Splice);
        if (moments is not null)
            builder.AddNormalisation(moments);

        foreach (var layer in recipe.Model)
            builder.AddLayer(layer, classes);

        if (recipe.Model is not [.., SoftmaxLayer])
            throw new FormatException("model: expected softmax as the last layer.");

        return new(inputDim, builder._nodes);
    }

    private void AddSplice(SpliceRecipe splice)
    {
        var context = SpliceSpec.Context(splice.Left, splice.Right);
        Add("splice", context, _dim * context.Offsets.Count);
    }

    private void AddNormalisation(SplicedMoments moments)
    {
        Add("add-shift", new AddShiftSpec(moments.Shift()), _dim);
        Add("rescale", new RescaleSpec(moments.Scale()), _dim);
    }

    private void AddLayer(LayerRecipe layer, int classes)
    {
        switch (layer)
        {
            case AffineLayer affine:
                for (var i = 0; i < affine.Repeat; i++)
                    AddAffine(affine);
                break;
            case BatchNormLayer norm:
                Add("batch-norm", new BatchNormSpec { Epsilon = (float)norm.Epsilon, Momentum = (float)norm.Momentum }, _dim);
                break;
            case DropoutLayer dropout:
                Add("dropout", new DropoutSpec((float)dropout.Rate), _dim);
                break;
            case SoftmaxLayer softmax:
                AddSoftmax(softmax, classes);
                break;
            default:
                throw new FormatException($"model: layer {layer.GetType().Name} is not one that can be built.");
        }
    }

    private void AddAffine(AffineLayer layer)
    {
        var start = layer.Activation == Recipes.Activation.Relu
            ? Rectified(layer.Dim)
            : Nnet1Prototype.Hidden(_dim, layer.Dim, Enum.Parse<Activation>(layer.Activation.ToString()), _first);
        var sigmoid = layer.Activation == Recipes.Activation.Sigmoid;
        _first = false;
        _rectified = layer.Activation == Recipes.Activation.Relu;
        Add("affine", start with
        {
            ParamStddev = (float)(layer.ParamStddev ?? start.ParamStddev),
            BiasMean = (float)(layer.BiasMean ?? (sigmoid ? start.BiasMean : 0)),
            BiasRange = (float)(layer.BiasRange ?? (sigmoid ? start.BiasRange : 0)),
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
            MaxNorm = (float)layer.MaxNorm,
        }, layer.Dim);
        if (layer.BatchNorm)
            Add("batch-norm", new BatchNormSpec(), layer.Dim);
        if (layer.Dropout > 0)
            Add("dropout", new DropoutSpec((float)layer.Dropout), layer.Dim);
    }

    private void AddSoftmax(SoftmaxLayer layer, int classes)
    {
        if (layer.Dim is { } dim && dim < classes)
            throw new FormatException($"model: softmax has {dim} classes, the transition model {classes}; leave dim out, it follows.");

        var outputs = layer.Dim ?? classes;
        var start = _rectified ? Rectified(outputs) : Nnet1Prototype.Output(_dim, outputs);
        Add("output", start with
        {
            Activation = Activation.None,
            ParamStddev = (float)(layer.ParamStddev ?? start.ParamStddev),
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
            MaxNorm = (float)layer.MaxNorm,
        }, outputs);
        Add("softmax", new SoftmaxSpec(), outputs);
    }

    // nnet1's weights are for units that saturate. Rectified ones keep the signal's variance with He et al.'s, "Delving deep
    // into rectifiers", 2015.
    private AffineSpec Rectified(int outputs) => new()
    {
        OutputDim = outputs,
        Activation = Activation.Relu,
        ParamStddev = MathF.Sqrt(2f / _dim),
        BiasMean = 0,
        BiasRange = 0,
    };

    private void Add(string kind, BlockSpec block, int outputDim)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        var single = kind is "splice" or "add-shift" or "rescale" or "output" or "softmax";
        _nodes.Add(new NodeSpec(single && count == 1 ? kind : $"{kind}{count}", block));
        _dim = outputDim;
    }
}
