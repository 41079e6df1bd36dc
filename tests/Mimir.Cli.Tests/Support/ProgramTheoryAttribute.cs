namespace Mimir.Cli.Tests.Support;

/// <summary>A table of cases that needs a program, and is skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    /// <summary>Requires a program.</summary>
    /// <param name="program">Its name.</param>
    public ProgramTheoryAttribute(string program)
    {
        if (MpiRunFactAttribute.Find(program) is null)
            Skip = $"{program} is not installed";
    }
}
