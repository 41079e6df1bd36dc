using Mimir.Core.Blocks;
using Mimir.Core.Models;

namespace Mimir.Core.Tests.Models;

public sealed class Nnet1PrototypeTests
{
    [Theory]
    [InlineData(1320, 3, 512, 128, 0.033383f, 0.154680f, 0.195656f)]
    [InlineData(440, 4, 1024, 512, 0.037344f, 0.109375f, 0.126295f)]
    public void Dnn_has_the_numbers_of_Kaldis_prototype(
        int input, int layers, int hidden, int output, float first, float middle, float last)
    {
        AffineSpec[] affine = [.. Nnet1Prototype.Dnn(input, layers, hidden, output).Nodes.Select(node => node.Block).OfType<AffineSpec>()];

        Assert.Equal(layers + 1, affine.Length);
        Assert.Equal(first, affine[0].ParamStddev, 1e-6f);
        Assert.Equal(middle, affine[1].ParamStddev, 1e-6f);
        Assert.Equal(last, affine[^1].ParamStddev, 1e-6f);
        Assert.Equal((-2, 4, 1, 1), (affine[0].BiasMean, affine[0].BiasRange, affine[0].LearnRateCoef, affine[0].BiasLearnRateCoef));
        Assert.Equal((0, 0, 1, 0.1f), (affine[^1].BiasMean, affine[^1].BiasRange, affine[^1].LearnRateCoef, affine[^1].BiasLearnRateCoef));
    }
}
