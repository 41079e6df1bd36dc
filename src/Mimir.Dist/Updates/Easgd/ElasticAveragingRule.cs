using System.Numerics.Tensors;
using Mimir.Dist.Updates.ParameterServers;

namespace Mimir.Dist.Updates.Easgd;

/// <summary>
/// EASGD: the server has a centre C; a worker's model W_i and the centre draw each other. Recipes choose it by the mode
/// <c>easgd</c>, or by <c>elasticity</c> of <c>asgd</c>.
/// </summary>
/// <remarks>
/// e = b/N (W_i - C) for N workers; then C += e at the server, W_i -= e at the worker. At the end of an epoch all take the centre.
/// Zhang, Choromanska, LeCun, "Deep learning with elastic averaging SGD", NIPS 2015, algorithm 1.
/// </remarks>
/// <param name="elasticity">b, above 0 and at most 1.</param>
internal sealed class ElasticAveragingRule(double elasticity) : IServerRule
{
    /// <inheritdoc/>
    public bool PushesModels => true;

    /// <inheritdoc/>
    public void Apply(Span<float> model, Span<float> vector, ServerPush push)
    {
        TensorPrimitives.Subtract(vector, model, vector);
        TensorPrimitives.Multiply(vector, (float)(elasticity / push.Workers), vector);
        TensorPrimitives.Add(model, vector, model);
    }
}
