namespace Mimir.Train.Training;

/// <summary>Training gave a loss that is not a number: there is nothing to go on from but an earlier checkpoint.</summary>
public sealed class DivergedException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public DivergedException()
    {
    }

    /// <summary>Creates the exception with a message for the user.</summary>
    public DivergedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and what caused it.</summary>
    public DivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
