using System.Globalization;
using Mimir.Base;

namespace Mimir.Train.Training;

/// <summary>Training gave a loss that is not a number, or never a better network; only an earlier checkpoint can be continued.</summary>
public sealed class DivergedException : InputException
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

    /// <summary>Says what happened, where, and what may help.</summary>
    internal static DivergedException At(string what, string place, double rate) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{what} in {place}, at a learning rate of {rate:G6}. Lower the rate (--set train.optimiser.*.rate=...) "
        + $"or limit the gradient (max-gradient), and start again with --restart; the last checkpoint is sound."));
}
