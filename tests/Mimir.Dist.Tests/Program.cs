using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests;

/// <summary>The tests' assembly started as a worker of its own: <c>dotnet Mimir.Dist.Tests.dll &lt;verb&gt; …</c>.</summary>
internal static class Program
{
    private static int Main(string[] args) => WorkerProgram.Run(args);
}
