using Mimir.Base;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Kaldi.Tests.Nnet1;

public sealed class GenericComponentTests : IDisposable
{
    private const string Nested = "<Nnet> \n<Sigmoid> 2 2 \n<!EndOfComponent> \n</Nnet> \n";

    // As Kaldi's WriteData puts them: line ends and spaces too.
    public static TheoryData<string, string> Components => new()
    {
        {
            "ConvolutionalComponent",
            "<ConvolutionalComponent> 4 6 \n<PatchDim> 2 <PatchStep> 1 <PatchStride> 3 \n"
            + "<LearnRateCoef> 1 <BiasLearnRateCoef> 0.5 <MaxNorm> 0 \n"
            + "<Filters> \n [\n  1 2 3 4 \n  5 6 7 8.25 ]\n<Bias> \n [ -1 0.125 ]\n<!EndOfComponent> \n"
        },
        {
            "RecurrentComponent",
            "<RecurrentComponent> 2 1 \n<GradClip> 5 <DiffClip> 1 <LearnRateCoef> 1 <BiasLearnRateCoef> 1 \n"
            + " [\n  1 \n  2 ]\n [\n  1 2 \n  3 4 ]\n [ 1 2 ]\n<!EndOfComponent> \n"
        },
        { "HiddenSoftmax", "<HiddenSoftmax> 3 3 \n<!EndOfComponent> \n" },
        { "BlockSoftmax", "<BlockSoftmax> 5 5 \n[ 2 3 ]\n<!EndOfComponent> \n" },
        { "LengthNormComponent", "<LengthNormComponent> 3 3 \n<!EndOfComponent> \n" },
        { "Rbm", "<Rbm> 1 2 \ngauss bern  [\n  0.5 -0.5 ]\n [ 1 2 ]\n [ 3 ]\n<!EndOfComponent> \n" },
        { "KlHmm", "<KlHmm> 1 2 \n [\n  0.25 0.75 ]\n<!EndOfComponent> \n" },
        { "AveragePoolingComponent", "<AveragePoolingComponent> 4 6 \n<PoolSize> 2 <PoolStep> 1 <PoolStride> 2 <!EndOfComponent> \n" },
        { "MaxPoolingComponent", "<MaxPoolingComponent> 4 8 \n<PoolSize> 2 <PoolStep> 2 <PoolStride> 2 <!EndOfComponent> \n" },
        { "SentenceAveragingComponent", $"<SentenceAveragingComponent> 4 2 \n{Nested}<!EndOfComponent> \n" },
        {
            "SimpleSentenceAveragingComponent",
            "<SimpleSentenceAveragingComponent> 2 2 \n<GradientBoost> 100 <Shrinkage> 0.5 <OnlySumming> T <!EndOfComponent> \n"
        },
        {
            "FramePoolingComponent",
            "<FramePoolingComponent> 4 10 \n<FeatureDim> 2 <LearnRateCoef> 0.01 <Normalize> F <FrameOffset> [ 0 2 ]\n"
            + "<FrameWeight>  [ 0.5 0.5 ]\n [ 0.25 0.25 0.5 ]\n<!EndOfComponent> \n"
        },
        {
            "ParallelComponent",
            $"<ParallelComponent> 4 4 \n<NestedNnetCount> 2 \n"
            + $"<NestedNnet> 1 \n{Nested}<NestedNnet> 2 \n{Nested}</ParallelComponent> <!EndOfComponent> \n"
        },
        {
            "MultiBasisComponent",
            $"<MultiBasisComponent> 2 4 \n<SelectorLearnRateCoef> 1 \n\n<Selector> \n{Nested}\n"
            + $"<NumBasis> 2 \n<Basis> 1 \n{Nested}<Basis> 2 \n{Nested}<!EndOfComponent> \n"
        },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Components))]
    public void Text_becomes_binary_and_text_again(string name, string text)
    {
        var whole = $"<Nnet> \n{text}</Nnet> \n";
        var read = Nnet1File.Read(_folder.Write("text", whole));

        read.Write(_folder.At("binary"));
        var again = Nnet1File.Read(_folder.At("binary"));
        again.Write(_folder.At("again"), binary: false);

        Assert.Equal(name, Assert.Single(again.Components).Name);
        Assert.Equal(whole, File.ReadAllText(_folder.At("again")));
        Assert.Equal([0, (byte)'B', (byte)'<'], File.ReadAllBytes(_folder.At("binary"))[..3]);
    }

    [Theory]
    [MemberData(nameof(Components))]
    public void Files_without_end_marks_and_with_names_in_lower_case_are_read(string name, string text)
    {
        var outputs = int.Parse(text.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        var bare = text.Replace("<!EndOfComponent> \n", "", StringComparison.Ordinal).ToLowerInvariant()
            .Replace(" t ", " T ", StringComparison.Ordinal).Replace(" f ", " F ", StringComparison.Ordinal);
        var shift = $"<addshift> {outputs} {outputs} [ {string.Join(' ', Enumerable.Range(1, outputs))} ]";

        var components = Nnet1File.Read(_folder.Write("bare", $"<nnet> {bare} {shift} </nnet>")).Components;

        Assert.Equal([name, "AddShift"], components.Select(component => component.Name));
    }

    [Theory]
    [InlineData(
        "<ConvolutionalComponent> 4 6 <PatchDim> 2 <PatchStep> 1 <PatchStride> 4 <Filters> [ 1 ] <Bias> [ 1 ]",
        "patches that fit 6 inputs")]
    [InlineData(
        "<ConvolutionalComponent> 4 6 <PatchDim> 2 <PatchStep> 1 <PatchStride> 3 <Filters> [ 1 ] <Bias> [ 1 ]",
        "expected Filters of 2 x 4, got 1 x 1")]
    [InlineData("<ConvolutionalComponent> 4 6 <PatchStep> 1 <PatchStride> 3 <Filters> [ 1 ] <Bias> [ 1 ]", "expected <PatchDim>")]
    [InlineData("<BlockSoftmax> 5 5 [ 2 2 ]", "blocks of 5 outputs")]
    [InlineData("<Rbm> 1 1 bern house [ 1 ] [ 1 ] [ 1 ]", "'bern' or 'gauss'")]
    [InlineData("<Rbm> 1 1 bern gauss [ nan ] [ 1 ] [ 1 ]", "finite Weights")]
    [InlineData("<MaxPoolingComponent> 4 6 <PoolSize> 0 <PoolStep> 1 <PoolStride> 2", "PoolSize 0")]
    [InlineData("<MaxPoolingComponent> 4 6 <PoolSiz> 2", "expected <PoolSize>, got '<PoolSiz>'")]
    [InlineData(
        "<ParallelComponent> 4 4 <NestedNnetCount> 1 <NestedNnet> 1 <Nnet> <Sigmoid> 2 2 </Nnet> </ParallelComponent>",
        "4 outputs of 4 inputs in all")]
    [InlineData("<ParallelComponent> 4 4 <NestedNnetCount> 1 <NestedNnet> 1 <Nnet> <Sigmoid> 2 2", "file ends here")]
    [InlineData("<ParallelComponent> 4 4 <NestedNnetCount> 1 <NestedNnet> 1 <Nnet> </Nnet> </ParallelComponent>", "no components")]
    [InlineData("<SentenceAveragingComponent> 5 2 <Nnet> <Sigmoid> 2 2 </Nnet>", "got 5")]
    [InlineData("<FramePoolingComponent> 2 4 <FeatureDim> 2 <LearnRateCoef> 1 <Normalize> T <FrameWeight> [ 1 ]", "<FrameOffset> before")]
    [InlineData(
        "<FramePoolingComponent> 2 4 <FeatureDim> 2 <LearnRateCoef> 1 <Normalize> T <FrameOffset> [ 2 ] <FrameWeight> [ 1 ]",
        "within 2 frames")]
    public void Read_of_contradictory_sizes_says_which(string text, string message)
    {
        var error = Assert.Throws<InputException>(() => Nnet1File.Read(_folder.Write("bad.nnet", $"<Nnet> {text} </Nnet>")));

        Assert.Contains("bad.nnet: byte ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_networks_within_networks_without_end_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("<SentenceAveragingComponent> 2 1 <Nnet> ", 5000));

        var error = Assert.Throws<InputException>(() => Nnet1File.Read(_folder.Write("deep", deep)));

        Assert.Contains("16 levels", error.Message, StringComparison.Ordinal);
    }

    internal static byte[] AllInOneText() => System.Text.Encoding.ASCII.GetBytes(
        "<Nnet> \n<ParallelComponent> 43 58 \n<NestedNnetCount> " + Components.Count + " \n"
        + string.Concat(Components.Select((row, i) => $"<NestedNnet> {i + 1} \n<Nnet> \n{(string)row[1]}</Nnet> \n"))
        + "</ParallelComponent> <!EndOfComponent> \n</Nnet> \n");
}
