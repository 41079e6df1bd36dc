using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Matrices;
using Xunit.Abstractions;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class GmmModelTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedDataTheory]
    [InlineData("kaldi/exp/mono")]
    [InlineData("kaldi/exp/tri1")]
    [InlineData("kaldi-train/mono")]
    public void Binary_model_of_Kaldis_comes_back_as_its_bytes(string name)
    {
        var golden = SharedData.At($"goldens/{name}/final.mdl");

        GmmModel.Read(golden).Write(_folder.At("m"));

        var (expected, actual) = (File.ReadAllBytes(golden), File.ReadAllBytes(_folder.At("m")));
        Assert.Equal(expected.Length, actual.Length);
        var different = expected.Zip(actual).Count(pair => pair.First != pair.Second);
        console.WriteLine($"{different} of {expected.Length} bytes differ");
        Assert.InRange(different, 0, expected.Length / 1000);
    }

    [SharedDataFact]
    public void Text_model_of_Kaldis_comes_back_with_its_numbers()
    {
        var golden = SharedData.At("goldens/kaldi-train/mono/3.mdl");

        GmmModel.Read(golden).Write(_folder.At("m"), binary: false);

        Assert.InRange(Numbers.LargestDifference(golden, _folder.At("m")), 0, 1e-5);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Write_reads_back(bool binary)
    {
        var model = SomeGmms.Whole();

        model.Write(_folder.At("m"), binary);
        var read = GmmModel.Read(_folder.At("m"));

        Assert.Equal(model.Transitions.Tuples, read.Transitions.Tuples);
        Assert.Equal((3, 6), (read.Acoustic.Dimension, read.Acoustic.Gaussians));
        foreach (var (expected, actual) in model.Acoustic.Pdfs.Zip(read.Acoustic.Pdfs))
        {
            AssertNear(expected.Weights.ToArray(), actual.Weights.ToArray());
            AssertNear(expected.Constants.ToArray(), actual.Constants.ToArray());
            AssertNear(expected.ScaledMeans.Data, actual.ScaledMeans.Data);
            AssertNear(expected.InverseVariances.Data, actual.InverseVariances.Data);
        }
    }

    [Fact]
    public void Read_of_a_transition_model_alone_says_what_is_missing()
    {
        SomeTransitionModel.Make(false).Write(_folder.At("m"));

        var error = Assert.Throws<InputException>(() => GmmModel.Read(_folder.At("m")));

        Assert.Contains("expected Gaussian mixtures behind the transition model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_of_fewer_mixtures_than_pdfs_is_refused()
    {
        (SomeGmms.Whole() with { Acoustic = SomeGmms.Model(new Random(1), 3, 1, 1) }).Write(_folder.At("m"));

        var error = Assert.Throws<InputException>(() => GmmModel.Read(_folder.At("m")));

        Assert.Contains("expected 3 mixtures", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_of_mutated_models_gives_values_or_a_message(bool binary)
    {
        SomeGmms.Whole().Write(_folder.At("m"), binary);

        var report = Fuzzer.Run(binary ? "GMM" : "GMM text", File.ReadAllBytes(_folder.At("m")), path => GmmModel.Read(path));

        console.WriteLine($"{report}");
    }

    [Fact]
    public void Mixture_of_parts_that_do_not_fit_is_refused()
    {
        var two = new FloatMatrix(2, 3, [1, 1, 1, 1, 1, 1]);

        Assert.Throws<ArgumentException>(() => new DiagGmm([1], two, two));
        Assert.Throws<ArgumentException>(() => new DiagGmm([], two, two));
        Assert.Throws<ArgumentException>(() => new DiagGmm([0.5f, -0.5f], two, two));
        Assert.Throws<ArgumentException>(() => new DiagGmm([1, 1], two, new FloatMatrix(2, 3, [1, 1, 1, 1, -1, 1])));
        Assert.Throws<ArgumentException>(() => new AmDiagGmm([]));
        Assert.Throws<ArgumentException>(
            () => new AmDiagGmm([SomeGmms.Mixture(new Random(1), 1, 2), SomeGmms.Mixture(new Random(1), 1, 3)]));
    }

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (want, got) in expected.Zip(actual))
            Assert.Equal(want, got, 1e-5f * (1 + Math.Abs(want)));
    }
}
