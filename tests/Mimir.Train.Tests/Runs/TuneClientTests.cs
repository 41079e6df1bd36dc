using Mimir.Base;
using Mimir.Train.Runs;
using Mimir.Train.Tuning;

namespace Mimir.Train.Tests.Runs;

public sealed class TuneClientTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("mimir-tune-").FullName;

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public async Task Asking_where_nothing_runs_says_so()
    {
        var client = new TuneClient(TimeProvider.System);

        var error = await Assert.ThrowsAsync<InputException>(
            () => client.RequestAsync(_run, ["rate=1"], TimeSpan.FromSeconds(1), CancellationToken.None));

        Assert.Equal($"no run is going on in {_run}", error.Message);
    }

    [Fact]
    public async Task Asking_a_run_that_does_not_train_or_does_not_answer_says_so()
    {
        var client = new TuneClient(TimeProvider.System);
        var folder = new TuneFolder(_run);
        using var locked = new RunFolder(_run).Lock();

        var loading = await Assert.ThrowsAsync<InputException>(
            () => client.RequestAsync(_run, ["rate=1"], TimeSpan.Zero, CancellationToken.None));
        folder.Open();
        var silent = await Assert.ThrowsAsync<InputException>(
            () => client.RequestAsync(_run, ["rate=1"], TimeSpan.Zero, CancellationToken.None));

        Assert.Contains("does not train now", loading.Message, StringComparison.Ordinal);
        Assert.Contains("has not answered", silent.Message, StringComparison.Ordinal);
        Assert.NotNull(folder.Next());
    }
}
