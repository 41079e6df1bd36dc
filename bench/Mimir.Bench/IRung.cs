namespace Mimir.Bench;

/// <summary>One measurement of the ladder. A new one is a class that implements this and a line in <see cref="Program"/>.</summary>
internal interface IRung
{
    /// <summary>Gets the word that selects it on the command line.</summary>
    string Name { get; }

    /// <summary>Measures, printing a readable table as it goes.</summary>
    /// <param name="options">How long to take.</param>
    IEnumerable<BenchRecord> Run(BenchOptions options);
}
