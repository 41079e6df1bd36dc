using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Mimir.Cli.Tests.Support;

/// <summary>Three machines on one, as <c>scripts/netns</c> makes them: 10.77.0.1 to 10.77.0.3.</summary>
public sealed class NetworkNamespaces : IDisposable
{
    private static readonly Lazy<bool> Works = new(() => Ip("netns", "add", Name) && Ip("netns", "del", Name));

    public NetworkNamespaces() => Assert.True(Run("up"));

    /// <summary>Whether this user may make namespaces here.</summary>
    public static bool CanBeMade => Environment.UserName == "root" && Works.Value;

    public static IReadOnlyList<string> Hosts { get; } = ["10.77.0.1", "10.77.0.2", "10.77.0.3"];

    /// <summary>The agent that reaches a host.</summary>
    public static string Agent => $"env MIMIR_NETNS={Name} {Script()} run";

    // A process of tests has its own set.
    private static string Name => $"t{Environment.ProcessId % 10_000_000}";

    public void Dispose() => Run("down");

    private static bool Run(string verb) => Start("env", $"MIMIR_NETNS={Name}", Script(), verb);

    private static bool Ip(params string[] arguments) => Start("ip", arguments);

    private static bool Start(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Script([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "scripts", "netns"));
}

/// <summary>Runs only as root on a system with network namespaces, and where a program is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NamespaceFactAttribute : FactAttribute
{
    public NamespaceFactAttribute(string program = "ip")
    {
        if (Mimir.Tests.Support.MpiRunFactAttribute.Find(program) is null)
            Skip = $"{program} is not installed";
        else if (!NetworkNamespaces.CanBeMade)
            Skip = "network namespaces need root";
    }
}
