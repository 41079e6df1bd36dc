using Mimir.Core.Native;

namespace Mimir.Core.Runtime;

/// <summary>Where the time of recurrent layers went on the calling thread: seconds on the quick CPU route, for measurements.</summary>
/// <param name="Packing">Laying weights out for the products.</param>
/// <param name="InputProducts">The input products of all steps.</param>
/// <param name="RecurrentProducts">The products of each step, with the projection's, in both passes.</param>
/// <param name="Pointwise">Gates and cells, in both passes.</param>
/// <param name="Waiting">Waiting for other threads between steps.</param>
/// <param name="InputGradients">The gradient of the input, packing included.</param>
/// <param name="WeightGradients">The gradients of the matrices.</param>
public sealed record RecurrentStages(
    double Packing, double InputProducts, double RecurrentProducts, double Pointwise, double Waiting, double InputGradients, double WeightGradients)
{
    /// <summary>Reads what has come together since the last call, and starts anew.</summary>
    public static RecurrentStages Take()
    {
        Span<double> seconds = stackalloc double[7];
        LibTorch.Check(LibTorch.mimir_lstm_stages(seconds));
        return new(seconds[0], seconds[1], seconds[2], seconds[3], seconds[4], seconds[5], seconds[6]);
    }
}
