using System.Globalization;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Tests.Nnet;

public sealed class LengthBufferTests
{
    private static readonly int[] Lengths = [12, 30, 31, 12, 50, 30, 29, 13, 12, 50];

    [Fact]
    public void Utterances_come_once_each_but_for_the_last()
    {
        var keys = Buffer(Lengths).Select(entry => entry.Key).ToList();

        Assert.Equal(Lengths.Length - 1, keys.Count);
        Assert.Equal(keys.Count, keys.Distinct().Count());
    }

    [Fact]
    public void Utterances_of_one_draw_rise_in_length_and_then_stay_with_the_longest_that_are_left()
    {
        var lengths = Buffer(Lengths).Select(entry => entry.Value.Rows).ToList();

        // From the drawn length upwards; the shorter ones come when nothing longer is left, the longest of them first.
        var turn = lengths.FindIndex(length => length < lengths[0]);
        Assert.True(turn > 0);
        Assert.Equal(lengths[..turn].Order(), lengths[..turn]);
        Assert.Equal(lengths[turn..].OrderDescending(), lengths[turn..]);
    }

    [Fact]
    public void Utterances_drawn_anew_each_time_have_all_lengths_in_turn_and_the_same_order_in_each_run()
    {
        List<string> Keys()
        {
            var buffer = Buffer(Lengths);
            var keys = new List<string>();
            foreach (var entry in buffer)
            {
                keys.Add(entry.Key);
                buffer.Redraw();
            }

            return keys;
        }

        var keys = Keys();

        Assert.Equal(keys, Keys());
        Assert.Equal(Lengths.Length - 1, keys.Distinct().Count());
        Assert.NotEqual(keys.Order(), keys);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Utterances_of_a_set_of_one_or_none_never_come(int count) => Assert.Empty(Buffer([.. Lengths.Take(count)]));

    private static LengthBuffer Buffer(int[] lengths) =>
        new(SomeUtterances.Features(lengths), new KaldiLog("test", new StringWriter(CultureInfo.InvariantCulture), false));
}
