using Mimir.Dist.Updates;

namespace Mimir.Dist.Tests.Updates;

public sealed class EndedEpochsTests
{
    [Theory]
    [InlineData(2, 2, false, false)]
    [InlineData(2, 3, false, true)]
    [InlineData(0, 3, true, false)]
    public void Whose_end_of_an_epoch_was_interrupted_does_not_end_it_again(long own, long most, bool isNew, bool expected)
    {
        var epochs = new EndedEpochs { Count = own };

        epochs.CatchUp(most, isNew);

        Assert.Equal(most, epochs.Count);
        Assert.Equal(expected, epochs.TakeEnded());
        Assert.False(epochs.TakeEnded());
    }
}
