using Mimir.Base;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Nnet1.Prototypes;

namespace Mimir.Kaldi.Tests.Nnet1.Prototypes;

public sealed class NnetPrototypeTests : IDisposable
{
    internal const string EveryComponent = """
        <NnetProto>
        <Splice> <InputDim> 2 <OutputDim> 6 <BuildVector> -1:1 </BuildVector>
        <AddShift> <InputDim> 6 <OutputDim> 6 <InitParam> 0.5 <LearnRateCoef> 0
        <Rescale> <InputDim> 6 <OutputDim> 6 <InitParam> 2
        <Copy> <InputDim> 6 <OutputDim> 4 <ReadVector> [ 1 3 5 6 ]
        <AffineTransform> <InputDim> 4 <OutputDim> 5 <BiasMean> -2 <BiasRange> 4 <ParamStddev> 0.25 <MaxNorm> 3 <BiasLearnRateCoef> 0.1
        <ParametricRelu> <InputDim> 5 <OutputDim> 5 <Beta> 0.25
        <Dropout> <InputDim> 5 <OutputDim> 5 <DropoutRate> 0.25
        <LinearTransform> <InputDim> 5 <OutputDim> 6 <ParamStddev> 1

        <ConvolutionalComponent> <InputDim> 6 <OutputDim> 4 <PatchDim> 2 <PatchStep> 1 <PatchStride> 3
        <MaxPoolingComponent> <InputDim> 4 <OutputDim> 2 <PoolSize> 2 <PoolStep> 2 <PoolStride> 2
        <LstmProjected> <InputDim> 2 <OutputDim> 3 <CellDim> 4 <ParamRange> 0.2 <GradClip> 5
        <BlstmProjected> <InputDim> 3 <OutputDim> 4 <CellDim> 2
        <RecurrentComponent> <InputDim> 4 <OutputDim> 4 <GradClip> 5 <DiffClip> 1
        <LengthNormComponent> <InputDim> 4 <OutputDim> 4
        <SimpleSentenceAveragingComponent> <InputDim> 4 <OutputDim> 4 <OnlySumming> T
        <Rbm> <InputDim> 4 <OutputDim> 4 <VisibleType> gauss <HiddenType> Bernoulli
        <FramePoolingComponent> <InputDim> 4 <OutputDim> 2 <FeatureDim> 2 <CentralOffset> [ 0 ] <PoolSize> [ 2 ]
        <AffineTransform> <InputDim> 2 <OutputDim> 5
        <KlHmm> <InputDim> 5 <OutputDim> 5
        <AveragePoolingComponent> <InputDim> 5 <OutputDim> 5 <PoolSize> 1 <PoolStep> 1 <PoolStride> 5
        <HiddenSoftmax> <InputDim> 5 <OutputDim> 5
        <Sigmoid> <InputDim> 5 <OutputDim> 5
        <Tanh> <InputDim> 5 <OutputDim> 5
        <BlockSoftmax> <InputDim> 5 <OutputDim> 5 <BlockDims> 2,3
        <Softmax> <InputDim> 5 <OutputDim> 5
        </NnetProto>
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Initialise_makes_every_component_and_the_file_reads_back()
    {
        var network = NnetPrototype.Initialise(_folder.Write("proto", EveryComponent));

        network.Write(_folder.At("nnet"), binary: false);
        var read = Nnet1File.Read(_folder.At("nnet"));

        Assert.Equal(25, read.Components.Count);
        Assert.Equal(network.Components.Select(component => component.Name), read.Components.Select(component => component.Name));
        Assert.Equal([-1, 0, 1], read.Components.OfType<Splice>().Single().Offsets);
        Assert.Equal([0, 2, 4, 5], read.Components.OfType<Copy>().Single().Indices);
        Assert.Equal(
            (3f, 0.1f), read.Components.OfType<AffineTransform>().Select(affine => (affine.MaxNorm, affine.BiasLearnRateCoef)).First());
        Assert.Equal(5, read.Components.OfType<LstmProjected>().Single().Training.GradClip);
        var pooling = read.Components.OfType<GenericComponent>().Single(c => c.Kind == "FramePoolingComponent");
        Assert.Equal([0.5f, 0.5f], pooling.Field<VectorsField>("FrameWeight").Vectors[0]);
    }

    [Fact]
    public void Initialise_draws_Kaldis_distributions_and_the_seed_decides()
    {
        var proto = _folder.Write(
            "proto", "<AffineTransform> <InputDim> 200 <OutputDim> 200 <BiasMean> -2 <BiasRange> 4 <ParamStddev> 0.5\n");

        var affine = (AffineTransform)NnetPrototype.Initialise(proto, seed: 5).Components[0];
        var same = (AffineTransform)NnetPrototype.Initialise(proto, seed: 5).Components[0];
        var other = (AffineTransform)NnetPrototype.Initialise(proto, seed: 6).Components[0];

        var weights = MomentStatistics.Of(affine.Weights.Data);
        Assert.InRange(weights.Mean, -0.02, 0.02);
        Assert.InRange(weights.Variance, 0.24, 0.26);
        Assert.InRange(weights.Kurtosis, -0.1, 0.1);
        Assert.All(affine.Bias, value => Assert.InRange(value, -4, 0));
        Assert.InRange(affine.Bias.Average(), -2.3, -1.7);
        Assert.Equal(affine.Weights.Data, same.Weights.Data);
        Assert.NotEqual(affine.Weights.Data, other.Weights.Data);
    }

    [Fact]
    public void Bidirectional_layers_begin_by_remembering()
    {
        var proto = _folder.Write("proto", "<BlstmProjected> <InputDim> 3 <OutputDim> 4 <CellDim> 2 <ParamRange> 0.1\n");

        var blstm = (BlstmProjected)NnetPrototype.Initialise(proto).Components[0];

        Assert.All(blstm.Forward.Bias[4..6], value => Assert.InRange(value, 0.9, 1.1));
        Assert.All(blstm.Backward.Bias[4..6], value => Assert.InRange(value, 0.9, 1.1));
        Assert.All(blstm.Forward.Bias[..4], value => Assert.InRange(value, -0.1, 0.1));
    }

    [Fact]
    public void Networks_and_prototypes_on_disk_become_parts()
    {
        var sigmoid = _folder.Write("sigmoid", "<Nnet> <Sigmoid> 2 2 </Nnet>");
        var layer = _folder.Write("layer.proto", "<NnetProto>\n<AffineTransform> <InputDim> 3 <OutputDim> 3\n</NnetProto>\n");
        var proto = _folder.Write(
            "proto",
            $"<ParallelComponent> <InputDim> 5 <OutputDim> 5 <NestedNnet> {sigmoid} </NestedNnet> "
            + $"<NestedNnetProto> {layer} </NestedNnetProto>\n"
            + $"<MultiBasisComponent> <InputDim> 5 <OutputDim> 3 <SelectorFilename> {sigmoid} <SelectorLearnRateCoef> 0.5\n"
            + $"<SentenceAveragingComponent> <InputDim> 3 <OutputDim> 6 <NestedNnetProto> {layer}\n");

        var components = NnetPrototype.Initialise(proto).Components.Cast<GenericComponent>().ToList();

        var nested = components[0].Field<NetworksField>("NestedNnetCount").Networks;
        Assert.Equal(["Sigmoid", "AffineTransform"], nested.Select(network => network.Components[0].Name));
        var basis = Assert.IsType<AffineTransform>(components[1].Field<NetworksField>("NumBasis").Networks[1].Components[0]);
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 1], basis.Weights.Data);
        Assert.Equal(3, components[2].Field<NetworkField>("NestedNnet").Value.OutputDim);
    }

    [Theory]
    [InlineData("<Frobnicate> <InputDim> 2 <OutputDim> 2", "bad.proto:1: <Frobnicate> is no component")]
    [InlineData("\n<Sigmoid> <InputDim> 2 <OutputDim> 3", "bad.proto:2: <Sigmoid> expected as many outputs")]
    [InlineData("<Sigmoid> <OutputDim> 3", "expected <InputDim>, got '<OutputDim>'")]
    [InlineData("<Sigmoid> <InputDim> 2 <OutputDim>", "the line ends")]
    [InlineData("<AffineTransform> <InputDim> 2 <OutputDim> 3 <Mean> 1", "one of <ParamStddev>")]
    [InlineData("<AffineTransform> <InputDim> 2 <OutputDim> 3 <BiasMean> big", "expected a number, got 'big'")]
    [InlineData("<AffineTransform> <InputDim> 2000000000 <OutputDim> 2000000000", "more parameters")]
    [InlineData(
        "<Sigmoid> <InputDim> 2 <OutputDim> 2\n<Sigmoid> <InputDim> 3 <OutputDim> 3",
        "bad.proto:2: <Sigmoid> takes 3 inputs, the component before gives 2")]
    [InlineData("<Splice> <InputDim> 2 <OutputDim> 6 <BuildVector> 1:-1 </BuildVector>", "rising numbers")]
    [InlineData("<Copy> <InputDim> 2 <OutputDim> 2 <BuildVector> 1:3 </BuildVector>", "at most 2 rising numbers")]
    [InlineData("<LstmProjected> <InputDim> 2 <OutputDim> 2", "<CellDim>")]
    [InlineData("<Rbm> <InputDim> 2 <OutputDim> 2 <VisibleType> house", "bern or gauss")]
    [InlineData("<ConvolutionalComponent> <InputDim> 6 <OutputDim> 4 <PatchDim> 2 <PatchStep> 1 <PatchStride> 4", "fit 6 inputs")]
    public void Initialise_of_a_wrong_line_names_it(string text, string message)
    {
        var error = Assert.Throws<InputException>(() => NnetPrototype.Initialise(_folder.Write("bad.proto", text)));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prototype_that_names_itself_is_refused()
    {
        var path = _folder.At("self.proto");
        File.WriteAllText(path, $"<ParallelComponent> <InputDim> 2 <OutputDim> 2 <NestedNnetProto> {path} </NestedNnetProto>\n");

        var error = Assert.Throws<InputException>(() => NnetPrototype.Initialise(path));

        Assert.Contains("does it name itself?", error.Message, StringComparison.Ordinal);
    }
}
