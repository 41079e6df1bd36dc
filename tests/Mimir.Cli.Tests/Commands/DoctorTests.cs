using System.Text.RegularExpressions;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Commands;

public sealed class DoctorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doctor_shows_the_libtorch_that_was_taken()
    {
        var outcome = await RunAsync(null, "doctor");

        outcome.Succeeded();
        Assert.Matches($"ok +libtorch +2.10.0 in {Regex.Escape(AppContext.BaseDirectory)}", outcome.Output);
        Assert.Matches("ok +TorchSharp +/.*libLibTorchSharp.so", outcome.Output);
        Assert.Contains("Ready:", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "expected a folder with libtorch_cpu.so")]
    [InlineData("old", "expected libtorch 2.10, got 2.9.1; install PyTorch 2.10 or unset the variable")]
    [InlineData("damaged", "libtorch_cpu.so cannot be loaded:")]
    public async Task A_named_libtorch_that_does_not_fit_is_one_line_of_doctor_and_of_any_program(string name, string expected)
    {
        foreach (var (folder, version) in new[] { ("old", "2.9.1"), ("damaged", "2.10.0") })
        {
            Directory.CreateDirectory(_folder.At($"{folder}/lib"));
            File.WriteAllText(_folder.At($"{folder}/lib/libtorch_cpu.so"), "");
            File.WriteAllText(_folder.At($"{folder}/version.py"), $"__version__ = '{version}'\n");
        }

        using var corpus = new TinyCorpus();
        var doctor = await RunAsync(_folder.At(name), "doctor");
        var train = await RunAsync(_folder.At(name), "train", corpus.Recipe);

        Assert.Equal((1, 1), (doctor.ExitCode, train.ExitCode));
        Assert.Matches($"missing +libtorch +.*{Regex.Escape(expected)}", doctor.Output);
        Assert.Contains("Not ready: libtorch missing.", doctor.Output, StringComparison.Ordinal);
        train.Refused(expected);
    }

    private async Task<MimirProcess.Outcome> RunAsync(string? libtorch, params string[] arguments)
    {
        var variables = new Dictionary<string, string>();
        if (libtorch is not null)
            variables["MIMIR_LIBTORCH"] = libtorch;
        using var process = MimirProcess.StartIn(_folder.Path, variables, arguments);
        return await MimirProcess.EndOfAsync(process);
    }
}
