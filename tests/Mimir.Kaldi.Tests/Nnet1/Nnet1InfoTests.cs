using Mimir.Kaldi.Nnet1;

namespace Mimir.Kaldi.Tests.Nnet1;

public sealed class Nnet1InfoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Describe_describes_every_component()
    {
        var nested = _folder.At("nested");
        File.WriteAllBytes(nested, GenericComponentTests.AllInOneText());

        var text = Nnet1Info.Describe(new Nnet1File([.. Nnet1FileTests.All()]));
        var inner = Nnet1Info.Describe(Nnet1File.Read(nested));

        Assert.Contains(
            "component 1 : <Splice>, input-dim 1, output-dim 3, \n  frame_offsets [ -1 0 1 ]\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "  shift_data ( min 1, max 3, mean 2, stddev 0.816497, skewness 0, kurtosis -1.5 ) , lr-coef 0\n",
            text,
            StringComparison.Ordinal);
        Assert.Contains("<Dropout>, input-dim 2, output-dim 2, <DropoutRate> 0.25\n", text, StringComparison.Ordinal);
        Assert.Contains("<Copy>, input-dim 2, output-dim 2, \n  min 0, max 1\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "cell-dim 3 ( learn_rate_coef_ 1, bias_learn_rate_coef_ 1, cell_clip_ 50, diff_clip_ 1, grad_clip_ 250 )\n"
            + "  w_gifo_x_   ( min 0,",
            text,
            StringComparison.Ordinal);
        Assert.Contains(
            "component 1 : <ParallelComponent>, input-dim 58, output-dim 43, \nnested_network #1 {\nnum-components 1\n",
            inner,
            StringComparison.Ordinal);
        Assert.Contains("  softmax-dims 2 3 \n", inner, StringComparison.Ordinal);
        Assert.Contains("  (offset,weights) : (0, [ 0.5 0.5 ]\n), (2, [ 0.25 0.25 0.5 ]\n), \n", inner, StringComparison.Ordinal);
        Assert.Contains("  gradient-boost 100, shrinkage: 0.5, only summing: 1\n", inner, StringComparison.Ordinal);
    }
}
