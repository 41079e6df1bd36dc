using System.Globalization;
using Mimir.Dist.Native;

namespace Mimir.Dist.Launch;

/// <summary>Ends a worker on another host when its launcher is gone: by the heartbeats on its standard input.</summary>
/// <param name="input">The launcher's heartbeats, of any bytes.</param>
/// <param name="silence">The longest time without one.</param>
/// <param name="gone">Called once, at the end of the input or when it is silent for too long.</param>
public sealed class LauncherWatch(Stream input, TimeSpan silence, Action gone)
{
    /// <summary>The variable with the longest silence in seconds; absent where there are no heartbeats.</summary>
    public const string Variable = "MIMIR_HEARTBEAT";

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private long _heard = TimeProvider.System.GetTimestamp();
    private bool _hasEnded;

    /// <summary>Watches over the launcher of this process where it sends heartbeats; when it is gone, the process gets SIGTERM.</summary>
    public static void Begin()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            new LauncherWatch(Console.OpenStandardInput(), TimeSpan.FromSeconds(seconds), End).Start();
    }

    /// <summary>Begins to watch.</summary>
    public void Start()
    {
        new Thread(Listen) { IsBackground = true, Name = "heartbeats of the launcher" }.Start();
        new Thread(Watch) { IsBackground = true, Name = "watch over the launcher" }.Start();
    }

    private static void End()
    {
        Console.Error.WriteLine("mimir: the launcher is gone; this worker ends");
        Signals.Terminate(Environment.ProcessId);
        Thread.Sleep(Grace);
        Environment.Exit(1);
    }

    private void Listen()
    {
        var beats = new byte[64];
        try
        {
            while (input.Read(beats) > 0)
                Volatile.Write(ref _heard, TimeProvider.System.GetTimestamp());
        }
        catch (IOException)
        {
            // As the end.
        }

        Volatile.Write(ref _hasEnded, true);
    }

    private void Watch()
    {
        while (!Volatile.Read(ref _hasEnded) && TimeProvider.System.GetElapsedTime(Volatile.Read(ref _heard)) < silence)
            Thread.Sleep(silence < TimeSpan.FromSeconds(4) ? silence / 4 : TimeSpan.FromSeconds(1));

        gone();
    }
}
