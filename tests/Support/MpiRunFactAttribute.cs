namespace Mimir.Tests.Support;

/// <summary>Runs only where a launcher of MPI is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MpiRunFactAttribute : FactAttribute
{
    /// <summary>Requires a program.</summary>
    /// <param name="program">Its name, for example mpirun.openmpi.</param>
    public MpiRunFactAttribute(string program)
    {
        if (Find(program) is null)
            Skip = $"{program} is not installed";
    }

    /// <summary>The path of a program, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
