using Mimir.Train.Start;

namespace Mimir.Train.Tests.Start;

public sealed class PausePlacementTests
{
    [Fact]
    public void Stretches_of_low_energy_are_pauses_when_they_are_long_enough()
    {
        float[] energies = [.. Levels((10, 2), (30, 9), (4, 2), (30, 9), (12, 2), (20, 9), (15, 2))];

        var pauses = PausePlacement.Find(energies);

        Assert.Equal(3, pauses.Count);
        Assert.Equal(0, pauses[0].Begin);
        Assert.InRange(pauses[1].Begin, 72, 76);
        Assert.Equal(energies.Length, pauses[2].End);
    }

    [Fact]
    public void Words_stand_between_pauses_by_their_lengths()
    {
        // Five words of three phones, 10 frames a phone; the pause after 90 frames is behind the third.
        var parts = PausePlacement.Divide(20 + 90 + 15 + 60 + 20, [(0, 20), (110, 125), (185, 205)], [3, 3, 3, 3, 3], 3, 5);

        Assert.Equal(
            [new(0, 0, 0, 20), new(0, 3, 20, 110), new(3, 3, 110, 125), new(3, 5, 125, 185), new(5, 5, 185, 205)], parts!);
    }

    [Fact]
    public void A_pause_within_a_word_is_none()
    {
        var parts = PausePlacement.Divide(10 + 60 + 8 + 60 + 10, [(0, 10), (70, 78), (138, 148)], [12], 3, 5);

        Assert.Equal([new(0, 0, 0, 10), new(0, 1, 10, 138), new(1, 1, 138, 148)], parts!);
    }

    [Fact]
    public void Words_that_do_not_fit_and_utterances_without_pauses_are_told_apart()
    {
        Assert.Null(PausePlacement.Divide(20, [], [3, 3, 3], 3, 5));
        Assert.Equal([new UtterancePart(0, 2, 0, 40)], PausePlacement.Divide(40, [], [3, 3], 3, 5)!);
        Assert.Empty(PausePlacement.Find([]));
    }

    private static IEnumerable<float> Levels(params (int Frames, float Energy)[] levels) =>
        levels.SelectMany(level => Enumerable.Repeat(level.Energy, level.Frames));
}
