using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests;

/// <summary>Training on a corpus that lies behind a real web server.</summary>
public sealed class RemoteCorpusTests : IClassFixture<Nginx>, IDisposable
{
    private readonly Nginx _nginx;
    private readonly TinyCorpus _corpus = new();
    private readonly DirectoryInfo _here = Directory.CreateTempSubdirectory("mimir-remote-");

    public RemoteCorpusTests(Nginx nginx)
    {
        _nginx = nginx;
        if (Nginx.Program is null)
            return;

        nginx.Clear();
        _corpus.Publish(nginx.Corpus);
    }

    public void Dispose()
    {
        _corpus.Dispose();
        _here.Delete(recursive: true);
    }

    [NginxFact]
    public async Task A_corpus_behind_http_gives_the_model_of_one_here_and_is_fetched_once()
    {
        var here = MimirProcess.RunAsync(
            _here.FullName,
            ["train", Recipe("here", _corpus.AudioRecipeText.Replace(_corpus.At("exp"), At("here"), StringComparison.Ordinal))]);
        (await Train("first", _corpus.AudioRecipeText, _nginx.Address)).Succeeded();
        var fetched = _nginx.Requests.Length;
        (await Train("second", _corpus.AudioRecipeText, _nginx.Address)).Succeeded();
        (await here).Succeeded();

        Assert.Equal(Model("here"), Model("first"));
        Assert.Equal(Model("here"), Model("second"));
        var (first, second) = (Input("first"), Input("second"));
        Assert.True(first.Bytes > 300_000, $"{first}");
        Assert.InRange(first.InputStall, 0.001, 100);
        Assert.Equal((0, 0), (second.Bytes, second.Retries));
        Assert.Contains("/SHA256SUMS", Assert.Single(_nginx.Requests[fetched..]), StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("first/corpus")));
        var loading = RunLog.Read(At("first/log.jsonl")).OfType<StageFinished>().ToList();
        Assert.All(loading, stage => Assert.NotNull(stage.InputStall));
    }

    [NginxFact]
    public async Task A_connection_that_breaks_is_gone_on_with()
    {
        using var proxy = new CuttingProxy(_nginx.Port, [9_000, 20_000, 15_000]);

        var outcome = await Train("exp", _corpus.RecipeText, proxy.Address);

        outcome.Succeeded();
        Assert.Equal(3, proxy.Cuts);
        Assert.True(Input("exp").Retries > 0);
        Assert.Contains("tried again in", outcome.Errors, StringComparison.Ordinal);
    }

    [NginxFact]
    public async Task A_cache_may_be_smaller_than_the_corpus()
    {
        const double Limit = 0.0002;
        string[] two = ["--set", "train.threads=2", "--set", "train.optimiser.sgd.rate=0.002"];

        var outcome = await Train("exp", _corpus.AudioRecipeText, _nginx.Address, Limit, [.. two, "--set", "distribute.workers=2"]);

        outcome.Succeeded();
        // Either worker may be the one that fetches a file; together they have fetched each at least once.
        var (one, other) = (Input("exp"), Input("exp/workers/1"));
        Assert.True(one.Bytes + other.Bytes > 1.2e9 * Limit, $"{one} {other}");
        var kept = new DirectoryInfo(At("cache/files")).EnumerateFiles().Sum(file => file.Length);
        Assert.InRange(kept, 1, (long)(1e9 * Limit));
    }

    [NginxFact]
    public async Task A_host_that_does_not_answer_is_one_clear_error()
    {
        var recipe = Recipe("exp", _corpus.Elsewhere(_corpus.RecipeText, "http://127.0.0.1:1/corpus", At("exp"), At("cache")));

        var outcome = await MimirProcess.RunAsync(_here.FullName, "recipe", "check", recipe);

        Assert.Equal(1, outcome.ExitCode);
        var line = Assert.Single(outcome.Errors.Trim().Split('\n'));
        Assert.Contains("'corpus.source': http://127.0.0.1:1/corpus/SHA256SUMS: no connection", line, StringComparison.Ordinal);
    }

    private Task<MimirProcess.Outcome> Train(string name, string text, Uri source, double gigabytes = 0.1, params string[] more)
    {
        var recipe = Recipe(name, _corpus.Elsewhere(text, source.ToString(), At(name), At("cache"), gigabytes));
        return MimirProcess.RunAsync(_here.FullName, ["train", recipe, .. more]);
    }

    private string Recipe(string name, string text)
    {
        File.WriteAllText(At($"{name}.yaml"), text);
        return At($"{name}.yaml");
    }

    private string At(string path) => Path.Combine(_here.FullName, path);

    private byte[] Model(string run) => File.ReadAllBytes(At($"{run}/model/model.safetensors"));

    private CorpusFetched Input(string run) => Assert.Single(RunLog.Read(At($"{run}/log.jsonl")).OfType<CorpusFetched>());
}
