using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests;

/// <summary>The program under <c>samples/</c>, whose training loop several workers run together.</summary>
public sealed partial class SampleTests
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "Mimir.Samples.SoftmaxRegression.dll");

    [Theory]
    [InlineData("sync")]
    [InlineData("bmuf")]
    [InlineData("asgd")]
    public async Task Workers_of_mimir_launch_learn_and_end_with_the_same_parameters(string mode)
    {
        var outcome = await MimirProcess.RunAsync(".", "launch", "--workers", "2", "--program", "--", "dotnet", Sample, mode);

        outcome.Succeeded();
        Learnt(outcome, workers: 2);
    }

    [MpiRunFact("mpirun.openmpi")]
    public async Task Workers_of_mpirun_do_too()
    {
        using var process = MimirProcess.StartOther(
            "mpirun.openmpi", ".", ["--allow-run-as-root", "--oversubscribe", "-np", "2", "dotnet", Sample, "ma"]);

        var outcome = await MimirProcess.EndOfAsync(process);

        outcome.Succeeded();
        Learnt(outcome, workers: 2);
    }

    [Fact]
    public async Task One_worker_needs_no_launcher()
    {
        using var process = MimirProcess.StartOther("dotnet", ".", [Sample]);

        var outcome = await MimirProcess.EndOfAsync(process);

        outcome.Succeeded();
        Learnt(outcome, workers: 1);
    }

    private static void Learnt(MimirProcess.Outcome outcome, int workers)
    {
        var lines = Result().Matches(outcome.Output + outcome.Errors);
        Assert.Equal(workers, lines.Count);
        Assert.Single(lines.Select(line => line.Value).Distinct());
        Assert.All(lines, line => Assert.True(double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) > 0.9, line.Value));
    }

    [GeneratedRegex("([01][.][0-9]{3}) right, parameters [0-9A-F]{16}")]
    private static partial Regex Result();
}
