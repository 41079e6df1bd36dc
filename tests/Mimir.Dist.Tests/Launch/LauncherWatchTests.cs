using System.IO.Pipes;
using Mimir.Dist.Launch;

namespace Mimir.Dist.Tests.Launch;

public sealed class LauncherWatchTests : IDisposable
{
    private readonly AnonymousPipeServerStream _launcher = new(PipeDirection.Out);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose() => _launcher.Dispose();

    [Fact]
    public async Task The_end_of_the_heartbeats_is_the_end_of_the_launcher()
    {
        Start(TimeSpan.FromHours(1));

        _launcher.WriteByte(0);
        await _launcher.DisposeAsync();

        await _gone.Task;
    }

    [Fact]
    public async Task A_launcher_that_is_silent_for_too_long_is_gone()
    {
        Start(TimeSpan.FromSeconds(0.2));

        await _gone.Task;
    }

    [Fact]
    public async Task A_launcher_that_beats_is_there()
    {
        Start(TimeSpan.FromHours(1));

        for (var beat = 0; beat < 100; beat++)
            _launcher.WriteByte(0);
        await Task.Delay(20);

        Assert.False(_gone.Task.IsCompleted);
    }

    private void Start(TimeSpan silence) => new LauncherWatch(
        new AnonymousPipeClientStream(PipeDirection.In, _launcher.ClientSafePipeHandle), silence, _gone.SetResult).Start();
}
