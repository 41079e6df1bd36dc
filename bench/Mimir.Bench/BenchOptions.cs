namespace Mimir.Bench;

/// <summary>How long a run takes.</summary>
/// <param name="Rounds">The rounds in which Mimir and its peers take turns.</param>
/// <param name="SliceSeconds">The time of one turn.</param>
/// <param name="ThreadCounts">The numbers of threads to measure with.</param>
/// <param name="Busy">The other processes at full load in the rung that has some.</param>
/// <param name="Checkout">The root of the checkout, where peers' scripts are.</param>
internal sealed record BenchOptions(int Rounds, double SliceSeconds, IReadOnlyList<int> ThreadCounts, int Busy, string Checkout)
{
    /// <summary>Finds the checkout above the program.</summary>
    public static string FindCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mimir.sln")))
                return folder.FullName;
        }

        return Directory.GetCurrentDirectory();
    }
}
