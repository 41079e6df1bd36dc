using System.Text.Json;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Json;

/// <summary>What <c>--json</c> prints has the form of the examples in docs/json.md: the same keys, of the same kinds.</summary>
public sealed class JsonDocumentTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task Doctor() => JsonForms.HasFormOf("doctor", await RunAsync(0, "doctor", "--json"));

    [Fact]
    public async Task Recipe_check()
    {
        var sound = await RunAsync(0, "recipe", "check", _corpus.Recipe, "--json", "--set", "distribute.update=bmuf", "--set", Adam);
        var broken = await RunAsync(1, "recipe", "check", _corpus.Recipe, "--json", "--set", "corpus.cv.dir=gone");

        JsonForms.HasFormOf("recipe check", sound, broken);
        Assert.True(sound.GetProperty("ok").GetBoolean());
        Assert.Equal("corpus.cv.dir", broken.GetProperty("findings")[0].GetProperty("key").GetString());
        Assert.Equal("--set corpus.cv.dir=gone", broken.GetProperty("findings")[0].GetProperty("place").GetString());
    }

    [Fact]
    public async Task Score()
    {
        File.WriteAllText(_corpus.At("ref"), "u1 ba1 ma1 ba1\nu2 ma1\n");
        File.WriteAllText(_corpus.At("hyp"), "u1 ba1 ba1 ba1\n");
        File.WriteAllText(_corpus.At("utt2spk"), "u1 s1\nu2 s2\n");
        File.WriteAllText(_corpus.At("lexicon"), "ba1 b a1\nma1 m a1\n");

        var result = await RunAsync(
            0, "score", _corpus.At("ref"), _corpus.At("hyp"), "--json", "--per-utterance", "--utt2spk", _corpus.At("utt2spk"),
            "--lexicon", _corpus.At("lexicon"));

        JsonForms.HasFormOf("score", result);
        Assert.Equal(50, result.GetProperty("total").GetProperty("percent").GetDouble());
        Assert.Equal("u2", result.GetProperty("missing")[0].GetString());
        Assert.Equal("s2", result.GetProperty("by_speaker")[1].GetProperty("speaker").GetString());
    }

    [Fact]
    public async Task Plan()
    {
        File.WriteAllText(
            _corpus.At("cluster.yaml"),
            "name: two\nmachines: 2\ndevices-per-machine: 1\ndevice: {frames-per-second: 1000, memory-bandwidth-gb: 100}\n"
                + "inside: {bandwidth-gb: 10, latency-us: 1}\nacross: {bandwidth-gb: 1, latency-us: 50}\n");

        var result = await RunAsync(
            0, "plan", _corpus.Recipe, "--cluster", _corpus.At("cluster.yaml"), "--modes", "sync,asgd", "--workers", "1,2", "--frames",
            "100000", "--json");

        JsonForms.HasFormOf("plan", result);
        Assert.Equal(2, result.GetProperty("modes")[1].GetProperty("rows")[1].GetProperty("workers").GetInt32());
    }

    [Fact]
    public async Task Compare()
    {
        _corpus.WriteGraph();
        File.AppendAllText(_corpus.Recipe, _corpus.DecodeSection);
        (await MimirProcess.RunAsync(_corpus.Folder, "train", _corpus.Recipe, "--set", "train.schedule.constant.epochs=1")).Succeeded();

        var result = await RunAsync(0, "compare", _corpus.At("exp"), _corpus.At("exp"), "--json");

        JsonForms.HasFormOf("compare", result);
        Assert.Equal(0, result.GetProperty("tests")[0].GetProperty("difference").GetDouble());
        Assert.False(result.GetProperty("tests")[0].GetProperty("significant").GetBoolean());
    }

    [Fact]
    public async Task Ledger()
    {
        Directory.CreateDirectory(_corpus.At("run"));
        File.WriteAllText(_corpus.At("run/ledger.corpus"), "a 10\nb 20\nc 30\n");
        File.WriteAllText(
            _corpus.At("run/ledger.jsonl"),
            """
            {"epoch":1,"event":"begin","utterances":3,"frames":60}
            {"epoch":1,"utterance":"a","rank":0,"step":1,"frames":10}
            {"epoch":1,"utterance":"a","rank":1,"step":1,"frames":10}
            {"epoch":1,"utterance":"b","dropped":"its audio cannot be read"}
            {"epoch":2,"event":"begin","utterances":3,"frames":60}

            """);

        var result = await RunAsync(1, "ledger", _corpus.At("run"), "--json");

        JsonForms.HasFormOf("ledger", result);
        Assert.False(result.GetProperty("sound").GetBoolean());
        Assert.Equal("c", result.GetProperty("epochs")[0].GetProperty("lost")[0].GetString());
    }

    private const string Adam = "train.optimiser=adam";

    private async Task<JsonElement> RunAsync(int exitCode, params string[] arguments)
    {
        var outcome = await MimirProcess.RunAsync(_corpus.Folder, arguments);
        Assert.True(outcome.ExitCode == exitCode, $"exit code {outcome.ExitCode}: {outcome.Errors}{outcome.Output}");
        Assert.Empty(outcome.Errors);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }
}
