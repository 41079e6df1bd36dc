using System.Numerics.Tensors;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Updates.Asgd;

/// <summary>ASGD: the server takes the steps that workers push, with or without a correction of their delay.</summary>
/// <remarks>
/// <para>A worker pushes u, its model at the last pull minus its model now: the sum of its steps since. W is the server's model,
/// f = 1, or 1 / staleness with <see cref="AsgdOptions.ScaleByStaleness"/>.</para>
/// <para>Plain: W -= f u.</para>
/// <para>Delay compensation, with h the sum of rate times frames of the steps and g = u / h: W -= f h (g + L g g (W - W_pulled))
/// (Zheng et al., "Asynchronous stochastic gradient descent with delay compensation", ICML 2017, equation 10). Adaptive:
/// M = d M + (1 - d) g g, and L / sqrt(M + 1e-7) in place of L (their equation 14).</para>
/// </remarks>
/// <param name="options">The correction and its numbers.</param>
internal sealed class AsgdRule(AsgdOptions options) : IServerRule
{
    private const int Piece = 1024;
    private const float Epsilon = 1e-7f;
    private float[] _meanSquare = [];

    /// <inheritdoc/>
    public bool NeedsPulledModels => options.Compensation != DelayCompensation.None;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Vectors => _meanSquare.Length == 0
        ? new Dictionary<string, float[]>()
        : new Dictionary<string, float[]> { ["mean-square"] = _meanSquare };

    /// <inheritdoc/>
    public void Start(int length) => _meanSquare = options.Compensation == DelayCompensation.Adaptive ? new float[length] : [];

    /// <inheritdoc/>
    public void Apply(Span<float> model, Span<float> vector, ServerPush push)
    {
        var factor = options.ScaleByStaleness ? 1f / Math.Max(1, push.Staleness) : 1;
        if (NeedsPulledModels && push.StepSize > 0)
            ApplyCompensated(model, vector, push.Pulled, push.StepSize, factor);
        else
            TensorPrimitives.MultiplyAdd(vector, -factor, model, model);
    }

    private void ApplyCompensated(Span<float> model, ReadOnlySpan<float> update, ReadOnlySpan<float> pulled, double stepSize, float factor)
    {
        Span<float> gradient = stackalloc float[Piece];
        Span<float> square = stackalloc float[Piece];
        Span<float> extra = stackalloc float[Piece];
        for (var begin = 0; begin < model.Length; begin += Piece)
        {
            var length = Math.Min(Piece, model.Length - begin);
            var w = model.Slice(begin, length);
            var g = gradient[..length];
            var gg = square[..length];
            var e = extra[..length];

            // e = L g g (W - W_pulled)
            TensorPrimitives.Multiply(update.Slice(begin, length), (float)(1 / stepSize), g);
            TensorPrimitives.Multiply(g, g, gg);
            TensorPrimitives.Subtract(w, pulled.Slice(begin, length), e);
            TensorPrimitives.Multiply(e, gg, e);
            TensorPrimitives.Multiply(e, (float)options.CompensationStrength, e);

            // Adaptive: e / sqrt(M + 1e-7), with M brought up to date first.
            if (_meanSquare.Length > 0)
            {
                var m = _meanSquare.AsSpan(begin, length);
                TensorPrimitives.Multiply(m, (float)options.MeanSquareDecay, m);
                TensorPrimitives.MultiplyAdd(gg, (float)(1 - options.MeanSquareDecay), m, m);
                TensorPrimitives.Add(m, Epsilon, gg);
                TensorPrimitives.Sqrt(gg, gg);
                TensorPrimitives.Divide(e, gg, e);
            }

            // W -= f h (g + e)
            TensorPrimitives.Add(e, g, e);
            TensorPrimitives.MultiplyAdd(e, -factor * (float)stepSize, w, w);
        }
    }
}
