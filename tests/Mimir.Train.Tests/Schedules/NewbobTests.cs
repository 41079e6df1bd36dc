using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Train.Recipes;
using Mimir.Train.Schedules;

namespace Mimir.Train.Tests.Schedules;

public sealed partial class NewbobTests
{
    [Fact]
    public void After_keeps_the_rate_while_the_loss_improves_enough()
    {
        var states = Run(new NewbobRecipe(), 5, 4, 3, 2.9);

        Assert.All(states, state => Assert.Equal(0.008, state.Rate));
        Assert.All(states.Skip(1), state => Assert.True(state.Accepted));
    }

    [Fact]
    public void After_halves_from_the_first_small_improvement_on_even_when_the_next_is_large()
    {
        var states = Run(new NewbobRecipe(), 5, 4, 3.99, 3);

        Assert.Equal([0.008, 0.008, 0.004, 0.002], states.Select(state => state.Rate));
    }

    [Fact]
    public void After_undoes_a_worse_epoch_and_halves()
    {
        var states = Run(new NewbobRecipe(), 5, 4, 4.5, 3);

        Assert.False(states[2].Accepted);
        Assert.Equal((4, 1, 0.004), (states[2].BestLoss, states[2].BestEpoch, states[2].Rate));
        Assert.Equal((3, 3), (states[3].BestLoss, states[3].BestEpoch));
    }

    [Fact]
    public void After_stops_at_the_first_rejection_after_halving_began()
    {
        var states = Run(new NewbobRecipe(), 5, 4, 4.5, 4.2);

        Assert.Null(states[2].Finished);
        Assert.Equal("too small relative improvement 0", states[3].Finished);
        Assert.Equal(0.004, states[3].Rate);
    }

    [Fact]
    public void After_stops_at_the_last_epoch()
    {
        var states = Run(new NewbobRecipe { MaxEpochs = 2 }, 5, 4, 3);

        Assert.Null(states[1].Finished);
        Assert.Equal("reached 2 epochs", states[2].Finished);
    }

    [Fact]
    public void After_accepts_and_does_not_halve_during_the_kept_epochs()
    {
        var states = Run(new NewbobRecipe { KeepRateEpochs = 2 }, 5, 6, 7, 7.5);

        Assert.Equal([true, true, false], states.Skip(1).Select(state => state.Accepted));
        Assert.Equal([0.008, 0.008, 0.008, 0.004], states.Select(state => state.Rate));
        Assert.Equal(7, states[3].BestLoss);
    }

    [Fact]
    public void After_goes_on_without_halving_below_the_least_epochs()
    {
        var states = Run(new NewbobRecipe { MinEpochs = 3 }, 5, 4.999, 4.9989, 4.9988, 4.9987);

        Assert.Equal([0.008, 0.004, 0.004, 0.004, 0.004], states.Select(state => state.Rate));
        Assert.Null(states[3].Finished);
        Assert.NotNull(states[4].Finished);
    }

    [Fact]
    public void After_compares_losses_at_six_digits_as_text_does()
    {
        var states = Run(new NewbobRecipe(), 1.5000004, 1.5000001);

        Assert.False(states[1].Accepted);
    }

    [Fact]
    public void Rate_keeps_six_digits()
    {
        double[] losses = [.. Enumerable.Range(0, 16).Select(epoch => 5 * Math.Pow(0.995, epoch))];

        var states = Run(new NewbobRecipe(), losses);

        Assert.Equal(1.95313e-06, states[12].Rate);
    }

    [SharedDataFact]
    public void After_makes_the_decisions_of_a_real_Kaldi_run()
    {
        var log = File.ReadAllText(SharedData.At("goldens/kaldi/exp/dnn3x512/schedule.txt"));
        log = log[..log.IndexOf("Successfuly", StringComparison.Ordinal)];
        var epochs = Epoch().Matches(log).Select(match => (
            Rate: double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            Loss: double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture),
            Accepted: match.Groups[3].Value == "accepted")).ToList();
        // The file shows four digits of a loss and six of the last improvement, which ends the run: with these it agrees.
        epochs[^2] = epochs[^2] with { Loss = 0.298877 };
        epochs[^1] = epochs[^1] with { Loss = 0.298609 };

        var states = Run(new NewbobRecipe(), [5.4796, .. epochs.Select(epoch => epoch.Loss)]);

        Assert.Equal(17, epochs.Count);
        Assert.Equal(epochs.Select(epoch => epoch.Accepted), states.Skip(1).Select(state => state.Accepted));
        Assert.Equal(epochs.Select(epoch => epoch.Rate), states.SkipLast(1).Select(state => state.Rate));
        Assert.Equal("too small relative improvement 0.00089669", states[^1].Finished);
        Assert.All(states.SkipLast(1), state => Assert.Null(state.Finished));
    }

    private static List<ScheduleState> Run(NewbobRecipe options, params double[] losses)
    {
        var newbob = new Newbob(0.008, options);
        var states = new List<ScheduleState> { newbob.Start(losses[0]) };
        foreach (var loss in losses[1..])
            states.Add(newbob.After(states[^1], loss));
        return states;
    }

    [GeneratedRegex(@"lrate([^)]+)\), CROSSVAL AVG.LOSS ([0-9.]+), nnet (accepted|rejected)")]
    private static partial Regex Epoch();
}
