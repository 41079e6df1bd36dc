using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Nnet1.Prototypes;

internal sealed partial class ComponentInitialiser
{
    private GenericComponent Generic()
    {
        var name = line.Marker.Trim('<', '>');
        var layout = ComponentLayouts.Find(name) ?? throw line.Error("is no component of nnet1 that is known here");
        return layout.Create(_inputs, _outputs, layout.Name switch
        {
            "ConvolutionalComponent" => Convolution(),
            "RecurrentComponent" => Recurrent(),
            "BlockSoftmax" => BlockSoftmax(),
            "Rbm" => Rbm(),
            "KlHmm" => KlHmm(),
            "AveragePoolingComponent" or "MaxPoolingComponent" => Pooling(),
            "SentenceAveragingComponent" => SentenceAveraging(),
            "SimpleSentenceAveragingComponent" => SimpleSentenceAveraging(),
            "FramePoolingComponent" => FramePooling(),
            "ParallelComponent" => Parallel(),
            "MultiBasisComponent" => MultiBasis(),
            _ => NoFields(),
        });
    }

    private NnetField[] NoFields()
    {
        Read([]);
        return [];
    }

    private NnetField[] Convolution()
    {
        var (patch, step, stride) = (0, 0, 0);
        Read(new(WeightOptions(withBias: true))
        {
            ["PatchDim"] = () => patch = line.Int(),
            ["PatchStep"] = () => step = line.Int(),
            ["PatchStride"] = () => stride = line.Int(),
        });
        if (patch <= 0 || step <= 0 || stride < patch)
            throw line.Error("expected <PatchDim>, <PatchStep> and <PatchStride> that fit each other");

        var filters = _outputs / (1 + ((stride - patch) / step));
        var weights = Normal(filters, checked(_inputs / stride * patch));
        return
        [
            new IntField("PatchDim", patch), new IntField("PatchStep", step), new IntField("PatchStride", stride),
            new FloatField("LearnRateCoef", _rate), new FloatField("BiasLearnRateCoef", _biasRate), new FloatField("MaxNorm", _maxNorm),
            new MatrixField("Filters", weights), new VectorField("Bias", UniformBias(filters)),
        ];
    }

    private NnetField[] Recurrent()
    {
        // Kaldi leaves both limits uninitialised when they are not given; 0 sets no limit.
        var (gradClip, diffClip, scale) = (0f, 0f, 0.02f);
        Read(new()
        {
            ["GradClip"] = () => gradClip = line.Float(),
            ["DiffClip"] = () => diffClip = line.Float(),
            ["LearnRateCoef"] = () => _rate = line.Float(),
            ["BiasLearnRateCoef"] = () => _biasRate = line.Float(),
            ["ParamScale"] = () => scale = line.Float(),
        });
        return
        [
            new FloatField("GradClip", gradClip), new FloatField("DiffClip", diffClip),
            new FloatField("LearnRateCoef", _rate), new FloatField("BiasLearnRateCoef", _biasRate),
            new MatrixField("w_forward_", Uniform(_outputs, _inputs, scale)),
            new MatrixField("w_recurrent_", Uniform(_outputs, _outputs, scale)),
            new VectorField("bias_", UniformVector(_outputs, 0, 2 * scale)),
        ];
    }

    private NnetField[] BlockSoftmax()
    {
        int[] dims = [];
        Read(new() { ["BlockDims"] = () => dims = line.Separated(line.Word(), ',', ':') });
        return [new IntVectorField("BlockDims", dims)];
    }

    private NnetField[] Rbm()
    {
        var (visible, hidden, statistics) = ("", "", "");
        var (visibleMean, visibleRange, hiddenMean, hiddenRange) = (0f, 0f, 0f, 0f);
        Read(new()
        {
            ["VisibleType"] = () => visible = Unit(line.Word()),
            ["HiddenType"] = () => hidden = Unit(line.Word()),
            ["VisibleBiasMean"] = () => visibleMean = line.Float(),
            ["VisibleBiasRange"] = () => visibleRange = line.Float(),
            ["HiddenBiasMean"] = () => hiddenMean = line.Float(),
            ["HiddenBiasRange"] = () => hiddenRange = line.Float(),
            ["ParamStddev"] = () => _deviation = line.Float(),
            ["VisibleBiasCmvnFilename"] = () => statistics = line.Word(),
        });
        var weights = Normal(_outputs, _inputs);
        var hiddenBias = UniformVector(_outputs, hiddenMean, hiddenRange);
        var visibleBias = statistics.Length == 0 ? UniformVector(_inputs, visibleMean, visibleRange) : Logits(statistics);
        return
        [
            new WordField("VisibleType", visible), new WordField("HiddenType", hidden), new MatrixField("Weights", weights),
            new VectorField("VisibleBias", visibleBias), new VectorField("HiddenBias", hiddenBias),
        ];
    }

    private string Unit(string word) => word switch
    {
        "bern" or "Bernoulli" => "bern",
        "gauss" or "Gaussian" => "gauss",
        _ => throw line.Error($"expected bern or gauss, got '{word}'"),
    };

    // <VisibleBiasCmvnFilename>: the shift of a global normalisation is the negative mean, which for units of 0 and 1 is the
    // probability of 1; the bias is its logit.
    private float[] Logits(string file)
    {
        var shift = prototype.ReadNetwork(file).Components is [AddShift first, ..]
            ? first.Shift
            : throw line.Error($"expected <AddShift> first in {file}");
        return Array.ConvertAll(shift, value =>
        {
            var p = Math.Clamp(-value, 0.0001f, 0.9999f);
            return (float)(MathF.Log(p) - Math.Log(1.0 - p));
        });
    }

    private NnetField[] KlHmm()
    {
        Read([]);
        prototype.Claim(line, _outputs, _inputs);
        return [new DoubleMatrixField("Statistics", new double[_outputs, _inputs])];
    }

    private NnetField[] Pooling()
    {
        var (size, step, stride) = (0, 0, 0);
        Read(new()
        {
            ["PoolSize"] = () => size = line.Int(),
            ["PoolStep"] = () => step = line.Int(),
            ["PoolStride"] = () => stride = line.Int(),
        });
        return [new IntField("PoolSize", size), new IntField("PoolStep", step), new IntField("PoolStride", stride)];
    }

    private NnetField[] SentenceAveraging()
    {
        var (file, proto) = ("", "");
        Read(new()
        {
            ["NestedNnetFilename"] = () => file = line.Word(),
            ["NestedNnetProto"] = () => proto = line.Word(),
            ["LearnRateFactor"] = () => line.Float(),
        });
        if ((file.Length > 0) == (proto.Length > 0))
            throw line.Error("expected either <NestedNnetFilename> or <NestedNnetProto>");

        return [new NetworkField("NestedNnet", Named(file, proto))];
    }

    private NnetField[] SimpleSentenceAveraging()
    {
        var (boost, shrinkage, summing) = (100f, 0f, false);
        Read(new()
        {
            ["GradientBoost"] = () => boost = line.Float(),
            ["Shrinkage"] = () => shrinkage = line.Float(),
            ["OnlySumming"] = () => summing = line.Bool(),
        });
        return [new FloatField("GradientBoost", boost), new FloatField("Shrinkage", shrinkage), new BoolField("OnlySumming", summing)];
    }

    private NnetField[] FramePooling()
    {
        var (dim, normalise, rate) = (0, false, 0.01f);
        int[] central = [], sizes = [];
        float[] given = [];
        Read(new()
        {
            ["FeatureDim"] = () => dim = line.Int(),
            ["CentralOffset"] = () => central = line.Ints(),
            ["PoolSize"] = () => sizes = line.Ints(),
            ["PoolWeight"] = () => given = line.Floats(),
            ["LearnRateCoef"] = () => rate = line.Float(),
            ["Normalize"] = () => normalise = line.Bool(),
        });
        if (dim <= 0 || central.Length == 0 || central.Length != sizes.Length
            || sizes.Any(size => size == 0 || Math.Abs((long)size) > _inputs))
        {
            throw line.Error("expected <FeatureDim>, and as many in <CentralOffset> as in <PoolSize>");
        }

        if (given.Length != 0 && given.Length != sizes.Sum(size => (long)Math.Abs(size)))
            throw line.Error("expected in <PoolWeight> as many numbers as the pools have frames");

        var centre = ((_inputs / dim) - 1) / 2;
        var weights = new List<float[]>();
        foreach (var size in sizes.Select(Math.Abs))
        {
            var first = weights.Sum(pool => pool.Length);
            weights.Add(given.Length == 0 ? Filled(size, (float)(1.0 / size)) : given[first..(first + size)]);
        }

        return
        [
            new IntField("FeatureDim", dim), new FloatField("LearnRateCoef", rate), new BoolField("Normalize", normalise),
            new IntVectorField("FrameOffset", [.. central.Zip(sizes, (offset, size) => checked(centre + offset + Math.Min(0, size + 1)))]),
            new VectorsField("FrameWeight", weights),
        ];
    }

    private NnetField[] Parallel()
    {
        var (files, protos) = (new List<string>(), new List<string>());
        string[] ends = ["</NestedNnet>", "</NestedNnetFilename>"];
        Read(new()
        {
            ["NestedNnet"] = () => files.AddRange(line.WordsUntil(ends)),
            ["NestedNnetFilename"] = () => files.AddRange(line.WordsUntil(ends)),
            ["NestedNnetProto"] = () => protos.AddRange(line.WordsUntil("</NestedNnetProto>")),
        });
        Nnet1File[] networks = [.. files.Select(file => Named(file, "")), .. protos.Select(proto => Named("", proto))];
        return [new NetworksField("NestedNnetCount", networks)];
    }

    private NnetField[] MultiBasis()
    {
        var (selectorFile, selectorProto, basisFile, basisProto, selectorRate) = ("", "", "", "", 1f);
        var files = new List<string>();
        Read(new()
        {
            ["SelectorProto"] = () => selectorProto = line.Word(),
            ["SelectorFilename"] = () => selectorFile = line.Word(),
            ["SelectorLearnRateCoef"] = () => selectorRate = line.Float(),
            ["BasisProto"] = () => basisProto = line.Word(),
            ["BasisFilename"] = () => basisFile = line.Word(),
            ["BasisFilenameVector"] = () => files.AddRange(line.WordsUntil("</BasisFilenameVector>")),
        });
        if (selectorFile.Length == 0 && selectorProto.Length == 0)
            throw line.Error("expected <SelectorProto> or <SelectorFilename>");

        var selector = Named(selectorFile, selectorProto);
        var count = selector.OutputDim;
        if (basisProto.Length == 0 && basisFile.Length == 0 && files.Count > 0 && files.Count != count)
            throw line.Error($"expected {count} files in <BasisFilenameVector>, got {files.Count}");

        Nnet1File Basis(int i) => basisProto.Length > 0 ? Named("", basisProto)
            : basisFile.Length > 0 ? Named(basisFile, "")
            : files.Count > 0 ? Named(files[i], "")
            : Identity(_inputs - selector.InputDim);
        Nnet1File[] bases = [.. Enumerable.Range(0, count).Select(Basis)];
        return
        [
            new FloatField("SelectorLearnRateCoef", selectorRate),
            new NetworkField("Selector", selector),
            new NetworksField("NumBasis", bases),
        ];
    }

    private Nnet1File Identity(int dim)
    {
        if (dim != _outputs)
        {
            throw line.Error(
                $"expected as many outputs as inputs beside the selector's for bases that are the identity, got {_outputs} and {dim}");
        }

        prototype.Claim(line, dim, dim);
        var unit = new FloatMatrix(dim, dim);
        for (var i = 0; i < dim; i++)
            unit[i, i] = 1;

        return new([new AffineTransform(unit, new float[dim])]);
    }

    private Nnet1File Named(string file, string proto)
    {
        var network = file.Length > 0 ? prototype.ReadNetwork(file) : prototype.Read(proto);
        return network.Components.Count > 0 ? network : throw line.Error($"expected components in {file}{proto}, got none");
    }
}
