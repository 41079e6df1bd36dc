namespace Mimir.Kaldi.Tables;

/// <summary>What an HTK feature file says beside its values and their number.</summary>
/// <param name="SamplePeriod">The time between frames, in units of 100 nanoseconds; 100,000 is 10 ms.</param>
/// <param name="SampleKind">What the values are: a code such as 6 for MFCC, 7 for filter banks, 9 for anything, 11 for PLP,
/// and flags such as octal 100 for energy and 20000 for C0.</param>
public sealed record HtkHeader(int SamplePeriod, int SampleKind)
{
    /// <summary>MFCC.</summary>
    public const int Mfcc = 6;

    /// <summary>The logarithms of a mel filter bank.</summary>
    public const int FilterBank = 7;

    /// <summary>Values of the user's own kind.</summary>
    public const int User = 9;

    /// <summary>PLP.</summary>
    public const int Plp = 11;

    /// <summary>The flag for an energy among the values.</summary>
    public const int WithEnergy = 64;

    /// <summary>The flag for C0 among the values.</summary>
    public const int WithC0 = 8192;
}
