using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Train.Data;
using Mimir.Train.Recipes;
using Activation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Training;

/// <summary>Makes the graph that a recipe describes, with nnet1's initialisation.</summary>
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
        var sigmoid = layer.Activation == Recipes.Activation.Sigmoid;
        var deviation = layer.ParamStddev ?? (Deviation(_dim, layer.Dim) * (_first ? Math.Sqrt(1.0 / 12) : 1));
        _first = false;
        Add("affine", new AffineSpec
        {
            OutputDim = layer.Dim,
            Activation = Enum.Parse<Activation>(layer.Activation.ToString()),
            ParamStddev = (float)deviation,
            BiasMean = (float)(layer.BiasMean ?? (sigmoid ? -2 : 0)),
            BiasRange = (float)(layer.BiasRange ?? (sigmoid ? 4 : 0)),
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
        Add("output", new AffineSpec
        {
            OutputDim = outputs,
            ParamStddev = (float)(layer.ParamStddev ?? Deviation(_dim, outputs)),
            BiasMean = 0,
            BiasRange = 0,
            LearnRateCoef = (float)layer.LearnRateCoef,
            BiasLearnRateCoef = (float)layer.BiasLearnRateCoef,
            MaxNorm = (float)layer.MaxNorm,
        }, outputs);
        Add("softmax", new SoftmaxSpec(), outputs);
    }

    private static double Deviation(int inputs, int outputs) => 3.5 * Math.Sqrt(2.0 / (inputs + outputs));

    private void Add(string kind, BlockSpec block, int outputDim)
    {
        var count = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        var single = kind is "splice" or "add-shift" or "rescale" or "output" or "softmax";
        _nodes.Add(new NodeSpec(single && count == 1 ? kind : $"{kind}{count}", block));
        _dim = outputDim;
    }
}
