using Mimir.Base;
using Mimir.Core;
using Mimir.Train.Training;

namespace Mimir.Cli;

/// <summary>Tells what a user can act on (data, files, the machine) from a bug of the program, which keeps its stack trace.</summary>
internal static class UserError
{
    /// <summary>The one line to show, or null when the error is a bug.</summary>
    internal static string? Describe(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var inner, ..] } => Describe(inner),
        FileNotFoundException { FileName: { } name } e when !e.Message.Contains(name, StringComparison.Ordinal) => $"{name}: no such file",
        ArgumentException { ParamName: { } name } => error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        InputException or IOException or InvalidDataException or UnauthorizedAccessException or TimeoutException or ArgumentException or TorchException
            or DivergedException or NotSupportedException or InvalidOperationException => error.Message,
        DllNotFoundException e => $"a library is missing: {e.Message.Split('\n')[0]} ('mimir doctor' tells more)",
        OutOfMemoryException => "not enough memory",
        _ => null,
    };
}
