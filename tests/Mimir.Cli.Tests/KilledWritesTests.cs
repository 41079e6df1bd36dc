using System.Diagnostics;
using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests;

/// <summary>Runs that are killed in the midst of a write, a rename or a flush go on, and end in the bytes of an unbroken run.</summary>
public sealed class KilledWritesTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [ProgramTheory("g++")]
    [InlineData("write exp/checkpoints", 3)]
    [InlineData("fsync exp/checkpoints", 2)]
    [InlineData("rename exp/checkpoints", 3)]
    [InlineData("mkdir exp/model", 1)]
    [InlineData("write exp/model", 2)]
    [InlineData("rename exp/model", 1)]
    [InlineData("write exp/decode", 1)]
    [InlineData("rename exp/decode", 1)]
    [InlineData("write exp/report.html", 1)]
    [InlineData("rename exp/summary.json", 1)]
    public async Task It_goes_on_from_each_place(string place, int time)
    {
        _corpus.WriteGraph();
        File.WriteAllText(_corpus.Recipe, _corpus.RecipeText + _corpus.DecodeSection);
        var library = _corpus.At("kill_at.so");
        using (var compiler = Process.Start("g++", ["-shared", "-fPIC", "-o", library, Source, "-ldl"]))
            await compiler.WaitForExitAsync();
        string[] train = ["train", _corpus.Recipe, "--set", $"output={_corpus.At("exp")}"];

        var unbroken = MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.Recipe, "--set", $"output={_corpus.At("unbroken")}");
        var variables = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["KILL_UNDER"] = _corpus.Folder + "/",
            ["KILL_AT"] = place,
            ["KILL_TIME"] = $"{time}",
        };
        using (var process = MimirProcess.StartIn(_corpus.Folder, variables, train))
            Assert.Equal(137, (await MimirProcess.EndOfAsync(process)).ExitCode);
        (await MimirProcess.RunAsync(_corpus.Folder, train)).Succeeded();

        (await unbroken).Succeeded();
        Assert.Equal(RunStatus.Ok, RunSummary.Read(_corpus.At("exp/summary.json")).Status);
        Assert.Equal(Files("unbroken"), Files("exp"));
        foreach (var file in Files("unbroken").Where(file => file.StartsWith("model/") || file.StartsWith("decode/")))
            Assert.True(Bytes("unbroken", file).SequenceEqual(Bytes("exp", file)), $"{file} differs");
        Assert.Empty(_corpus.Leftovers);
    }

    private static string Source => Path.Combine(SharedData.Checkout, "tests", "Mimir.Cli.Tests", "Support", "kill_at.cpp");

    private byte[] Bytes(string run, string file) => File.ReadAllBytes(Path.Combine(_corpus.At(run), file));

    private IEnumerable<string> Files(string run) => Directory.EnumerateFiles(_corpus.At(run), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(_corpus.At(run), file))
        .Where(file => !file.StartsWith("tensorboard")).Order(StringComparer.Ordinal);
}
