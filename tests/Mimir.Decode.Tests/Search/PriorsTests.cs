using Mimir.Base;
using Mimir.Decode.Search;

namespace Mimir.Decode.Tests.Search;

public sealed class PriorsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void FromCounts_gives_scaled_log_frequencies_and_shuts_out_unseen_pdfs()
    {
        var priors = Priors.FromCounts([3, 1, 0], scale: 0.5).LogPriors.ToArray();

        Assert.Equal(0.5 * Math.Log(0.75), priors[0], 1e-6);
        Assert.Equal(0.5 * Math.Log(0.25), priors[1], 1e-6);
        Assert.Equal(0.5 * Math.Sqrt(float.MaxValue), priors[2], 1e13);
    }

    [Fact]
    public void SubtractFrom_takes_the_priors_off_every_row()
    {
        var priors = Priors.FromCounts([1, 1]);
        var matrix = new float[] { 0, 1, 2, 3 };

        priors.SubtractFrom(matrix);

        var half = MathF.Log(0.5f);
        Assert.Equal(new[] { -half, 1 - half, 2 - half, 3 - half }, matrix);
    }

    [Fact]
    public void Read_takes_what_analyze_counts_writes()
    {
        File.WriteAllText(_path, " [ 1 3 ]\n");

        Assert.Equal(Math.Log(0.25), Priors.Read(_path).LogPriors[0], 1e-6);
    }

    [Theory]
    [InlineData("1 2 3")]
    [InlineData("[ 1 x ]")]
    [InlineData("[ 1 -2 ]")]
    [InlineData("[ 0 0 ]")]
    [InlineData("[ NaN 1 ]")]
    public void Read_other_text_fails_with_the_file(string text)
    {
        File.WriteAllText(_path, text);

        var failure = Assert.Throws<InputException>(() => Priors.Read(_path));

        Assert.StartsWith(_path, failure.Message, StringComparison.Ordinal);
    }
}
