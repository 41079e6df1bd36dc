using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Xunit.Abstractions;

namespace Mimir.Gmm.Tests.Gaussians;

public sealed class GaussianPosteriorTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Table_reads_back(string kind)
    {
        Write(kind);

        var read = GaussianPosterior.Table.Read($"ark:{_folder.At("gpost")}").ToList();

        Assert.Equal(["a", "b"], read.Select(entry => entry.Key));
        Assert.Equal([2, 0, 1], read[0].Value.Frames.Select(frame => frame.Count));
        Assert.Equal((7, 0.25f), (read[0].Value.Frames[0][1].Pdf, read[0].Value.Frames[0][1].Weights[1]));
        Assert.Empty(read[1].Value.Frames);
    }

    [Fact]
    public void Negative_counts_are_refused()
    {
        _folder.Write("gpost", "a -1 \n");

        Assert.Throws<InputException>(() => GaussianPosterior.Table.Read($"ark:{_folder.At("gpost")}").ToList());
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Read_of_mutated_posteriors_gives_values_or_a_message(string kind)
    {
        Write(kind);

        var report = Fuzzer.Run(
            $"Gaussian posteriors {kind}", File.ReadAllBytes(_folder.At("gpost")),
            path => Assert.NotNull(GaussianPosterior.Table.Read($"ark:{path}").ToList()));

        console.WriteLine($"{report}");
    }

    private void Write(string kind)
    {
        using var writer = GaussianPosterior.Table.Create($"{kind}:{_folder.At("gpost")}");
        writer.Write("a", new GaussianPosterior([[(0, [0.5f]), (7, [0.25f, 0.25f])], [], [(1, [1f, 0, 0])]]));
        writer.Write("b", new GaussianPosterior([]));
    }
}
