using System.Text.Json.Serialization;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>
/// A Conformer block: half a feed-forward module, self-attention with relative positions, a convolution module, half a feed-forward
/// module, and layer normalisation. It sees the whole utterance.
/// </summary>
/// <remarks>
/// A. Gulati et al.: Conformer, 2020; the relative positions are those of Z. Dai et al.: Transformer-XL, 2019. Batch normalisation
/// counts the frames of the utterances alone. There is no dropout within the block.
/// </remarks>
public sealed record ConformerSpec : BlockSpec
{
    /// <summary>The number of heads, which divides the number of values.</summary>
    [JsonRequired]
    [Option("heads", Min = 1, Max = 1024)]
    public int Heads { get; init; } = 4;

    /// <summary>The frames that the depthwise convolution sees, an odd number.</summary>
    [JsonRequired]
    [Option("kernel", Min = 1, Max = 4095)]
    public int Kernel { get; init; } = 31;

    /// <summary>The factor from the number of values to that inside the feed-forward modules.</summary>
    [JsonRequired]
    [Option("expansion", Min = 1, Max = 64)]
    public int Expansion { get; init; } = 4;

    /// <summary>The weight of a new minibatch in the running statistics of batch normalisation.</summary>
    [JsonRequired]
    [Option("momentum", Min = 0, Max = 1, MinExcluded = true)]
    public float Momentum { get; init; } = 0.1f;

    /// <inheritdoc/>
    internal override int PossibleInputDim => Heads;

    /// <inheritdoc/>
    internal override Block Build(int inputDim)
    {
        if (Kernel % 2 == 0)
            throw new ArgumentException($"a convolution around a frame needs an odd kernel, got {Kernel}");

        return new ConformerBlock(this, Heads * GroupSize.Of(inputDim, Heads));
    }
}

/// <summary>Computes a <see cref="ConformerSpec"/>.</summary>
/// <remarks>Letters: N packed rows, S sequences, T frames, H heads, K values of a head.</remarks>
internal sealed class ConformerBlock : TapeBlock
{
    private const double Epsilon = 1e-5;
    private const double LongestPeriod = 10000;

    private readonly ConformerSpec _spec;
    private readonly int _dim;
    private readonly ParameterDeclaration[] _declared;
    private readonly Dictionary<string, int> _places;

    public ConformerBlock(ConformerSpec spec, int dim)
        : base(dim)
    {
        (_spec, _dim) = (spec, dim);
        var inner = spec.Expansion * dim;
        _declared =
        [
            .. Norm("feed1.norm"), .. Linear("feed1.in", inner, dim), .. Linear("feed1.out", dim, inner),
            .. Norm("attention.norm"), .. Linear("query", dim, dim), .. Linear("key", dim, dim), .. Linear("value", dim, dim),
            .. Linear("attention.out", dim, dim), new("position.weight", [dim, dim]) { DecayFactor = 1 },
            new("content-bias", [dim]), new("position-bias", [dim]),
            .. Norm("convolution.norm"), .. Linear("convolution.in", 2 * dim, dim),
            new("depthwise.weight", [dim, spec.Kernel]) { DecayFactor = 1 }, .. Norm("batch-norm"),
            new("running-mean", [dim]) { IsTrained = false }, new("running-variance", [dim]) { IsTrained = false },
            .. Linear("convolution.out", dim, dim),
            .. Norm("feed2.norm"), .. Linear("feed2.in", inner, dim), .. Linear("feed2.out", dim, inner), .. Norm("norm"),
        ];
        _places = _declared.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index);
    }

    public override bool NeedsSequences => true;

    public override IReadOnlyList<ParameterDeclaration> Parameters => _declared;

    public override IReadOnlyList<float[]> InitialValues(SeededRandom random) => [.. _declared.Select(parameter => parameter switch
    {
        { Shape.Length: 2 } => parameter.Normal(random, Math.Sqrt(1.0 / parameter.Shape[1])),
        _ when parameter.Name.EndsWith("gamma", StringComparison.Ordinal) || parameter.Name == "running-variance" => parameter.Constant(1),
        _ => parameter.Constant(0),
    })];

    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters)
    {
        var padded = new PaddedSequences(pass.RequiredSequences, x.device);
        x = x.Plus(FeedForward(x, "feed1", parameters) * Scalars.Of(0.5));
        x = x.Plus(Attend(Norm(x, "attention.norm", parameters), padded, parameters));
        x = x.Plus(Convolve(Norm(x, "convolution.norm", parameters), padded, pass.Mode == PassMode.Train, parameters));
        x = x.Plus(FeedForward(x, "feed2", parameters) * Scalars.Of(0.5));
        return Norm(x, "norm", parameters);
    }

    private Tensor FeedForward(Tensor x, string name, Tensor[] parameters)
    {
        var inner = Linear(Norm(x, $"{name}.norm", parameters), $"{name}.in", parameters);
        return Linear(inner * inner.sigmoid(), $"{name}.out", parameters);
    }

    // The product of a query with a key, and with the distance to it; each has a bias of its own.
    private Tensor Attend(Tensor x, PaddedSequences padded, Tensor[] parameters)
    {
        var steps = padded.Steps;
        var (query, key, value) = (Heads(x, "query"), Heads(x, "key"), Heads(x, "value"));
        var distances = torch.nn.functional.linear(Positions(steps, x), parameters[_places["position.weight"]])
            .view((2 * steps) - 1, _spec.Heads, -1).permute(1, 2, 0);
        var content = query.Plus(Bias("content-bias")).matmul(key.transpose(2, 3));
        var position = query.Plus(Bias("position-bias")).matmul(distances);

        // Distance i - j is at place i - j + T - 1.
        var frames = Tensor.Range(steps, x.device);
        var places = (frames.unsqueeze(1) - frames.unsqueeze(0)).add(Scalars.Of(steps - 1L), Scalars.Of(1L))
            .expand(query.size(0), _spec.Heads, -1, -1);
        var scores = content.Plus(position.gather(3, places)) * Scalars.Of(1 / Math.Sqrt(query.size(3)));
        var hidden = padded.Mask().logical_not().unsqueeze(1).unsqueeze(1);
        var weights = torch.nn.functional.softmax(scores.masked_fill(hidden, Scalars.Of(-1e9)), 3);
        var attended = weights.matmul(value).transpose(1, 2).reshape(-1, steps, _dim);
        return Linear(padded.Pack(attended), "attention.out", parameters);

        // [S, H, T, K]
        Tensor Heads(Tensor from, string name) =>
            padded.Pad(Linear(from, name, parameters)).view(-1, steps, _spec.Heads, _dim / _spec.Heads).transpose(1, 2);

        Tensor Bias(string name) => parameters[_places[name]].view(_spec.Heads, 1, -1);
    }

    // Sines and cosines of the distances from 1 - T to T - 1.
    private Tensor Positions(int steps, Tensor like)
    {
        var table = new float[((2 * steps) - 1) * _dim];
        for (var i = 0; i < table.Length; i++)
        {
            var (distance, column) = ((i / _dim) - steps + 1, i % _dim);
            var angle = distance * Math.Pow(LongestPeriod, -2.0 * (column / 2) / _dim);
            table[i] = (float)(column % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
        }

        return torch.tensor(table, device: like.device).view((2 * steps) - 1, _dim).to(like.dtype);
    }

    // Pointwise with gated linear units, depthwise, batch normalisation of the packed rows, swish, pointwise.
    private Tensor Convolve(Tensor x, PaddedSequences padded, bool training, Tensor[] parameters)
    {
        var gated = torch.nn.functional.glu(Linear(x, "convolution.in", parameters), 1);
        var kernel = parameters[_places["depthwise.weight"]].unsqueeze(1);
        var around = torch.nn.functional.conv1d(
            padded.Pad(gated).transpose(1, 2), kernel, padding: _spec.Kernel / 2, groups: _dim).transpose(1, 2);
        var rows = padded.Pack(around);
        var (runningMean, runningVariance) = (parameters[_places["running-mean"]], parameters[_places["running-variance"]]);
        var (mean, variance) = (runningMean, runningVariance);
        if (training)
        {
            mean = rows.mean([0]);
            variance = (rows - mean).Squared().mean([0]);
            using var noTape = torch.no_grad();
            runningMean.mul_(Scalars.Of(1 - _spec.Momentum)).add_(mean, alpha: Scalars.Of(_spec.Momentum));
            runningVariance.mul_(Scalars.Of(1 - _spec.Momentum)).add_(variance, alpha: Scalars.Of(_spec.Momentum));
        }

        var normalised = (rows - mean) * variance.Plus(Epsilon).rsqrt();
        var scaled = (normalised * parameters[_places["batch-norm.gamma"]]).Plus(parameters[_places["batch-norm.beta"]]);
        return Linear(scaled * scaled.sigmoid(), "convolution.out", parameters);
    }

    private Tensor Linear(Tensor x, string name, Tensor[] parameters) => torch.nn.functional.linear(
        x, parameters[_places[$"{name}.weight"]], parameters[_places[$"{name}.bias"]]);

    private Tensor Norm(Tensor x, string name, Tensor[] parameters) => torch.nn.functional.layer_norm(
        x, [_dim], parameters[_places[$"{name}.gamma"]], parameters[_places[$"{name}.beta"]], Epsilon);

    private static ParameterDeclaration[] Linear(string name, int outputs, int inputs) =>
        [new($"{name}.weight", [outputs, inputs]) { DecayFactor = 1 }, new($"{name}.bias", [outputs])];

    private ParameterDeclaration[] Norm(string name) => [new($"{name}.gamma", [_dim]), new($"{name}.beta", [_dim])];
}
