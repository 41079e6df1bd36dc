using System.Net;
using System.Text;
using Mimir.Cli.Tests.Support;
using Mimir.Train.Reports;

namespace Mimir.Cli.Tests;

/// <summary>A corpus behind a server that asks who reads: name and password are sent, and are in no file and on no screen.</summary>
public sealed class CredentialsTests : IDisposable
{
    private const string Secret = "s3cret";

    private readonly TinyCorpus _corpus = new();
    private readonly DirectoryInfo _here = Directory.CreateTempSubdirectory("mimir-secret-");
    private readonly HttpListener _server = new();
    private readonly string _host;

    public CredentialsTests()
    {
        var published = _here.CreateSubdirectory("published").FullName;
        _corpus.Publish(published);
        for (var port = 20_000 + (Environment.ProcessId % 20_000); ; port++)
        {
            try
            {
                _server.Prefixes.Clear();
                _server.Prefixes.Add($"http://127.0.0.1:{port}/");
                _server.Start();
                _host = $"127.0.0.1:{port}";
                break;
            }
            catch (HttpListenerException)
            {
                _server.Close();
                _server = new();
            }
        }

        _ = Task.Run(() => ServeAsync(published));
    }

    public void Dispose()
    {
        _server.Close();
        _corpus.Dispose();
        _here.Delete(recursive: true);
    }

    [Theory]
    [InlineData("in the address")]
    [InlineData("in the environment")]
    [InlineData("in netrc")]
    public async Task Name_and_password_are_sent_and_stand_nowhere(string where)
    {
        var source = where == "in the address" ? $"http://me:{Secret}@{_host}/" : $"http://{_host}/";
        var variables = new Dictionary<string, string> { ["HOME"] = _here.FullName };
        if (where == "in the environment")
            (variables["MIMIR_CORPUS_USER"], variables["MIMIR_CORPUS_PASSWORD"]) = ("me", Secret);
        if (where == "in netrc")
            File.WriteAllText(Path.Combine(_here.FullName, ".netrc"), $"machine 127.0.0.1 login me password {Secret}\n");
        var recipe = Path.Combine(_here.FullName, "r.yaml");
        var run = Path.Combine(_here.FullName, "exp");
        File.WriteAllText(
            recipe, _corpus.Elsewhere(_corpus.RecipeText, "${SOURCE}", run, Path.Combine(_here.FullName, "cache"), 0.1));

        using var process = MimirProcess.StartIn(_here.FullName, variables, "train", recipe, "--set", $"SOURCE={source}", "--verbose");
        var outcome = (await MimirProcess.EndOfAsync(process)).Succeeded();
        using var shown = MimirProcess.StartIn(_here.FullName, variables, "recipe", "show", recipe, "--set", $"SOURCE={source}");

        var said = outcome.Output + outcome.Errors + (await MimirProcess.EndOfAsync(shown)).Output;
        Assert.DoesNotContain(Secret, said, StringComparison.Ordinal);
        Assert.Equal(RunStatus.Ok, RunSummary.Read(Path.Combine(run, "summary.json")).Status);
        string[] places = [run, Path.Combine(_here.FullName, "cache")];
        foreach (var file in places.SelectMany(place => Directory.GetFiles(place, "*", SearchOption.AllDirectories)))
            Assert.DoesNotContain(Secret, File.ReadAllText(file, Encoding.Latin1), StringComparison.Ordinal);
        Assert.Contains("corpus:", File.ReadAllText(Path.Combine(run, "recipe.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_says_what_to_give()
    {
        var recipe = Path.Combine(_here.FullName, "r.yaml");
        File.WriteAllText(
            recipe,
            _corpus.Elsewhere(
                _corpus.RecipeText, $"http://{_host}/", Path.Combine(_here.FullName, "exp"), Path.Combine(_here.FullName, "cache"), 0.1));

        using var process = MimirProcess.StartIn(
            _here.FullName, new Dictionary<string, string> { ["HOME"] = _here.FullName }, "recipe", "check", recipe);
        var outcome = await MimirProcess.EndOfAsync(process);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("401", outcome.Errors, StringComparison.Ordinal);
        Assert.Contains("MIMIR_CORPUS_USER", outcome.Errors, StringComparison.Ordinal);
    }

    private async Task ServeAsync(string folder)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"me:{Secret}"));
        while (_server.IsListening)
        {
            try
            {
                var context = await _server.GetContextAsync();
                using var response = context.Response;
                var file = Path.Combine(folder, Uri.UnescapeDataString(context.Request.Url!.AbsolutePath)[1..]);
                response.StatusCode = context.Request.Headers["Authorization"] != expected ? 401 : File.Exists(file) ? 200 : 404;
                if (response.StatusCode != 200)
                    continue;

                var bytes = File.ReadAllBytes(file);
                response.ContentLength64 = bytes.Length;
                await response.OutputStream.WriteAsync(bytes);
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
