namespace Mimir.Base;

/// <summary>An error that the user can mend: bad data, a wrong option, a recipe that does not fit.</summary>
/// <remarks>
/// Its message is one line that names the place and the remedy, such as <c>exp/train.scp:118: expected 'key path:offset', got
/// 'utt7'</c>. The command line prints it and exits with 1. Every other exception, those of the operating system's files apart,
/// is a bug of the program and exits with 70.
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
