using Mimir.Base;

namespace Mimir.KaldiTools.Tests.Nnet;

public sealed class ReadAheadTests
{
    [Fact]
    public void Of_a_sequence_gives_its_elements_in_order() =>
        Assert.Equal(Enumerable.Range(0, 100), ReadAhead.Of(Enumerable.Range(0, 100), 3));

    [Fact]
    public void Of_a_sequence_that_fails_throws_after_what_came_before()
    {
        static IEnumerable<int> Failing()
        {
            yield return 1;
            throw new InputException("broken");
        }

        var seen = new List<int>();
        var error = Assert.Throws<InputException>(() =>
        {
            foreach (var element in ReadAhead.Of(Failing(), 2))
                seen.Add(element);
        });

        Assert.Equal("broken", error.Message);
        Assert.Equal([1], seen);
    }

    [Fact]
    public void Of_an_endless_sequence_stops_with_its_user()
    {
        var disposed = false;
        IEnumerable<int> Endless()
        {
            try
            {
                for (var i = 0; ; i++)
                    yield return i;
            }
            finally
            {
                disposed = true;
            }
        }

        var first = ReadAhead.Of(Endless(), 2).Take(3).ToArray();

        Assert.Equal([0, 1, 2], first);
        Assert.True(disposed);
    }
}
