using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Mimir.Base;

/// <summary>An error that the user can correct: bad data, a wrong option, a recipe that does not fit, a run that diverges.</summary>
/// <remarks>
/// The message is one line that names the place and the remedy, such as <c>exp/train.scp:118: expected 'key path:offset', got
/// 'utt7'</c>. The command line prints it and exits with 1. All exceptions that Mimir makes for its users derive from this
/// class, or are an <see cref="IOException"/>, an <see cref="InvalidDataException"/> (broken data of a file or another worker) or a
/// <see cref="TimeoutException"/>; see <see cref="UserError"/>.
/// </remarks>
public class InputException : FormatException
{
    /// <summary>Creates the exception without a message.</summary>
    public InputException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line for the user: place, what was expected, what was found.</param>
    public InputException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception from the one that caused it.</summary>
    /// <param name="message">One line for the user: place, what was expected, what was found.</param>
    /// <param name="innerException">The cause; it goes to the log.</param>
    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Separates the errors that a user can act on from bugs of the program.</summary>
/// <remarks>
/// A user can act on an <see cref="InputException"/> and on errors of the system: files, memory, libraries, other machines.
/// Every other exception is a bug, among them <see cref="ArgumentException"/>, <see cref="InvalidOperationException"/> and a
/// plain <see cref="FormatException"/>.
/// </remarks>
public static partial class UserError
{
    /// <summary>Returns the message for the user, or null when the exception is a bug.</summary>
    /// <param name="error">The exception.</param>
    public static string? Describe(Exception error) => (Message(error), ProcessLimits.Explain(error)) switch
    {
        ({ } message, { } limit) => $"{message.TrimEnd('.')}: {limit}",
        (null, { } limit) when ProcessLimits.IsFileSize(error) => limit,
        var (message, _) => message,
    };

    private static string? Message(Exception error) => error switch
    {
        AggregateException { InnerExceptions: [var inner, ..] } => Describe(inner),
        FileNotFoundException { FileName: { } name } e when !e.Message.Contains(name, StringComparison.Ordinal) => $"{name}: no such file",
        FileNotFoundException { FileName: { } name } e when PathProblem.OfMissing(name, e.Message) is { } why =>
            $"{e.Message.TrimEnd('.')} ({why})",
        UnauthorizedAccessException => PathProblem.OfDenial(error.Message) ?? error.Message,
        DirectoryNotFoundException => PathProblem.OfMissingFolder(error.Message) ?? error.Message,
        InputException or IOException or InvalidDataException => Plain(error.Message),
        TimeoutException or SocketException => error.Message,
        TypeInitializationException { InnerException: DllNotFoundException inner } => Describe(inner),
        DllNotFoundException => $"a library is missing: {error.Message.Split('\n')[0]} ('mimir doctor' tells more)",
        OutOfMemoryException => "not enough memory",
        ExternalException when error.Message.Contains("allocate memory", StringComparison.Ordinal) => "not enough memory",
        _ => null,
    };

    /// <summary>The message of an exception without the name of a method's parameter, which .NET appends and no user knows.</summary>
    /// <param name="message">The message.</param>
    public static string Plain(string message) => ParameterName().Replace(message, "");

    [GeneratedRegex(@" \(Parameter '\w+'\)")]
    private static partial Regex ParameterName();
}
