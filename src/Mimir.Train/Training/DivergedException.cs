using System.Globalization;
using Mimir.Base;
using Mimir.Train.Checkpoints;

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

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public DivergedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Throws when a loss is not a finite number.</summary>
    /// <param name="loss">The loss of a batch.</param>
    /// <param name="state">The position before the batch's step.</param>
    /// <param name="inValidation">True in cross-validation.</param>
    internal static void ThrowIfNotFinite(double loss, TrainingState state, bool inValidation = false)
    {
        if (double.IsFinite(loss))
            return;

        var place = inValidation
            ? $"the cross-validation after epoch {state.Epoch}"
            : $"epoch {state.Epoch}, step {state.Step + 1}";
        throw At(string.Create(CultureInfo.InvariantCulture, $"The loss is {loss}"), place, state.Schedule.Rate);
    }

    /// <summary>The error of a batch that cannot be trained on, though no utterance of it is to blame.</summary>
    internal static DivergedException Untraced(double loss, TrainingState state) => At(
        FormattableString.Invariant($"The loss of a batch is {loss}, and no utterance alone accounts for it,"),
        $"epoch {state.Epoch}, step {state.Step + 1}", state.Schedule.Rate);

    /// <summary>The error of a network whose parameters are not all finite.</summary>
    internal static DivergedException InParameters(TrainingState state) =>
        At("A parameter is not a finite number", $"epoch {state.Epoch}, step {state.Step}", state.Schedule.Rate);

    private static DivergedException At(string what, string place, double rate) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{what} in {place}, at a learning rate of {rate:G6}. Lower the rate (--set train.optimiser.*.rate=...) "
        + $"or limit the gradient (max-gradient), and start again with --restart; the last checkpoint is sound."));
}
