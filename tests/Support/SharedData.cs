using System.Runtime.CompilerServices;

namespace Mimir.Tests.Support;

/// <summary>
/// Finds the corpora and golden outputs that tests compare with. They lie in the folder named by the environment variable
/// <c>MIMIR_SHARED</c>, or else in <c>shared/</c> beside the checkout; neither is part of the product.
/// </summary>
public static class SharedData
{
    /// <summary>Gets the folder of shared data, or null when this machine has none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Gets the root of the checkout.</summary>
    public static string Checkout => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", ".."));

    /// <summary>The full path of a file or folder below <see cref="Root"/>.</summary>
    public static string At(string relative) =>
        Path.Combine(Root ?? throw new InvalidOperationException("No shared data on this machine."), relative);

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("MIMIR_SHARED") ?? Path.Combine(Checkout, "..", "shared");
        return Directory.Exists(Path.Combine(folder, "goldens")) ? Path.GetFullPath(folder) : null;
    }

    private static string Here([CallerFilePath] string here = "") => here;
}

/// <summary>A test that needs the shared corpora and goldens; it is skipped, and says so, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Root is null)
            Skip = "needs shared/ (corpora and Kaldi's goldens) beside the checkout, or MIMIR_SHARED";
    }
}

/// <summary>A table of tests that needs the shared corpora and goldens; skipped, and says so, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataTheoryAttribute : TheoryAttribute
{
    public SharedDataTheoryAttribute()
    {
        if (SharedData.Root is null)
            Skip = "needs shared/ (corpora and Kaldi's goldens) beside the checkout, or MIMIR_SHARED";
    }
}
