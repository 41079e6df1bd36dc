
namespace Mimir.Core.Native;

/// <summary>The time of recurrent layers by stage on the calling thread: seconds of the fast CPU kernels, for measurements.</summary>
/// <param name="Packing">Packing of weights for the products.</param>
/// <param name="InputProducts">The input products of all steps.</param>
/// <param name="RecurrentProducts">The products of each step and of the projection, in both passes.</param>
/// <param name="Pointwise">Gates and cells, in both passes.</param>
/// <param name="Waiting">Waiting for other threads between steps.</param>
/// <param name="InputGradients">The gradient of the input, packing included.</param>
/// <param name="WeightGradients">The gradients of the matrices.</param>
public sealed record RecurrentStages(
    double Packing, double InputProducts, double RecurrentProducts, double Pointwise, double Waiting, double InputGradients,
    double WeightGradients)
{
    /// <summary>Reads the times since the last call and clears them.</summary>
    public static RecurrentStages Take()
    {
        Span<double> seconds = stackalloc double[7];
        Kernels.Check(Kernels.mimir_lstm_stages(seconds));
        return new(seconds[0], seconds[1], seconds[2], seconds[3], seconds[4], seconds[5], seconds[6]);
    }
}
