using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates;

/// <summary>A worker's place among machines.</summary>
/// <param name="Home">Joins the workers of its machine; the first of them speaks for it.</param>
/// <param name="Across">Joins the first workers of the machines; null on the others.</param>
/// <param name="Leaders">Those first workers, in order, known to all.</param>
/// <param name="Machine">This worker's machine, a place among the leaders.</param>
public sealed record MachineTiers(ICollective Home, ICollective? Across, WorkerGroup Leaders, int Machine) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Across?.Dispose();
        Home.Dispose();
    }
}
