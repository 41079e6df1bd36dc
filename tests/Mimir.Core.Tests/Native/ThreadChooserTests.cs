using Mimir.Core.Native;

namespace Mimir.Core.Tests.Native;

public sealed class ThreadChooserTests
{
    [Fact]
    public void The_quickest_number_is_taken_after_a_trial()
    {
        var chooser = new ThreadChooser(4);

        var used = Run(chooser, steps: 100, count => 0.001 / count);

        Assert.Equal([1, 2, 4], used.Distinct().Order());
        Assert.Equal(4, chooser.Count);
    }

    [Fact]
    public void Of_equal_numbers_the_lowest_is_taken()
    {
        var chooser = new ThreadChooser(2);

        Run(chooser, steps: 30, _ => 0.001);

        Assert.Equal(1, chooser.Count);
    }

    [Fact]
    public void Steps_that_become_slower_bring_a_new_trial_soon()
    {
        var chooser = new ThreadChooser(2);
        Run(chooser, steps: 30, count => 0.01 / count);
        Assert.Equal(2, chooser.Count);

        // The second core is taken by something else.
        Run(chooser, steps: 200, count => count == 1 ? 0.01 : 0.05);

        Assert.Equal(1, chooser.Count);
    }

    [Fact]
    public void A_core_that_becomes_free_is_found_after_the_pause()
    {
        var chooser = new ThreadChooser(2);
        Run(chooser, steps: 30, count => count == 1 ? 0.01 : 0.05);
        Assert.Equal(1, chooser.Count);

        Run(chooser, steps: 4000, count => 0.01 / count);

        Assert.Equal(2, chooser.Count);
    }

    [Fact]
    public void Trials_that_agree_take_a_small_part_of_the_steps()
    {
        var chooser = new ThreadChooser(2);

        var used = Run(chooser, steps: 20_000, count => count == 1 ? 0.01 : 0.05);

        Assert.InRange(used.Count(count => count == 2), 1, 200);
    }

    private static List<int> Run(ThreadChooser chooser, int steps, Func<int, double> seconds)
    {
        var used = new List<int>();
        for (var i = 0; i < steps; i++)
        {
            used.Add(chooser.Count);
            chooser.Record(seconds(chooser.Count), rows: 1);
        }

        return used;
    }
}
