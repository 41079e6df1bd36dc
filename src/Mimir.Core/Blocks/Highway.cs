using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>A highway layer: y = t h + (1 - t) x, with h = relu(W x + b) and the gate t = sigmoid(W' x + b').</summary>
/// <remarks>R. K. Srivastava, K. Greff, J. Schmidhuber: Highway networks, 2015. The gate begins nearly closed.</remarks>
public sealed record HighwaySpec : BlockSpec
{
    /// <summary>The initial bias of the gate; a negative one lets the input through.</summary>
    [JsonRequired]
    [Option("gate-bias")]
    public float GateBias { get; init; } = -2;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new HighwayBlock(this, inputDim);
}

/// <summary>Computes a <see cref="HighwaySpec"/>.</summary>
internal sealed class HighwayBlock(HighwaySpec spec, int dim) : TapeBlock(dim)
{
    public override IReadOnlyList<ParameterDeclaration> Parameters =>
    [
        new("weight", [OutputDim, OutputDim]) { DecayFactor = 1 },
        new("bias", [OutputDim]),
        new("gate-weight", [OutputDim, OutputDim]) { DecayFactor = 1 },
        new("gate-bias", [OutputDim]),
    ];

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) =>
    [
        Parameters[0].Normal(random, Math.Sqrt(2.0 / OutputDim)),
        Parameters[1].Constant(0),
        Parameters[2].Normal(random, Math.Sqrt(1.0 / OutputDim)),
        Parameters[3].Constant(spec.GateBias),
    ];

    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters)
    {
        var transformed = torch.nn.functional.linear(x, parameters[0], parameters[1]).relu();
        var gate = torch.nn.functional.linear(x, parameters[2], parameters[3]).sigmoid();
        return x.Plus(gate * (transformed - x));
    }
}
