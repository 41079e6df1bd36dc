using Mimir.Base.Options;

namespace Mimir.Base.Tests.Options;

public sealed class KindAttributeTests
{
    [Fact]
    public void NameOf_gives_the_key_of_a_registered_record()
    {
        Assert.Equal("round", KindAttribute.NameOf(new Round()));
        Assert.Null(KindAttribute.NameOf(new Square()));
    }

    [Fact]
    public void WithValue_leaves_the_record_as_it_is()
    {
        var round = new Round { Size = 2 };

        var changed = Option.Find(typeof(Round), "size", "shape").WithValue(round, 5);

        Assert.Equal((2, 5), (round.Size, changed.Size));
    }

    [Kind("round", typeof(Round))]
    private abstract record Shape;

    private sealed record Round : Shape
    {
        [Option("size")]
        public int Size { get; init; }
    }

    private sealed record Square : Shape;
}
