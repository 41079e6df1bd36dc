using Mimir.Base;
using Mimir.Train.Data;

namespace Mimir.Train.Tests.Data;

public sealed class DropReportTests
{
    [Fact]
    public void Check_refuses_a_set_that_lost_too_much_and_counts_the_reasons()
    {
        var report = new DropReport("train", 10, [
            new("u1", DropReason.NoAlignment, "not in ali"),
            new("u2", DropReason.LengthMismatch, "100 and 110 frames"),
            new("u3", DropReason.NoAlignment, "not in ali"),
        ]);

        report.Check(0.3);
        var error = Assert.Throws<InputException>(() => report.Check(0.2));

        Assert.Equal(
            "set 'train': 3 of 10 utterances dropped: 2 without an alignment (first u1: not in ali); 1 whose features and "
            + "alignment differ in length (first u2: 100 and 110 frames). At most 20% may be dropped (train.max-dropped): "
            + "mend the data, or allow more.",
            error.Message);
    }

    [Fact]
    public void Check_refuses_a_set_without_utterances()
    {
        Assert.Throws<InputException>(() => new DropReport("cv", 0, []).Check(1));
        Assert.Throws<InputException>(() => new DropReport("cv", 1, [new("u", DropReason.TooShort, "")]).Check(1));
    }
}
