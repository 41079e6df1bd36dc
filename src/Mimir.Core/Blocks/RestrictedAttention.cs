using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>
/// Self-attention over a window of frames, as Kaldi's RestrictedAttentionComponent: heads of keys, values and queries, with a weight
/// of each place in the window in the query, and the attention itself among the outputs. Frames beyond an utterance are zeros.
/// </summary>
/// <remarks>
/// D. Povey, H. Hadian, P. Ghahremani, K. Li, S. Khudanpur: A time-restricted self-attention layer for ASR, 2018. The input of a head is
/// its key, its value and its query, the query being a key and a number for each place; the output is the weighted value and the
/// weights: c = softmax over o of (scale q' k[t + o] + p[o]), y = sum of c[o] v[t + o].
/// </remarks>
public sealed record RestrictedAttentionSpec : BlockSpec
{
    /// <summary>The number of heads.</summary>
    [JsonRequired]
    [Option("heads", Min = 1, Max = 1024)]
    public int Heads { get; init; } = 15;

    /// <summary>The values of a key.</summary>
    [JsonRequired]
    [Option("key-dim", Min = 1, Max = 1 << 16)]
    public int KeyDim { get; init; } = 40;

    /// <summary>The values of a value.</summary>
    [JsonRequired]
    [Option("value-dim", Min = 1, Max = 1 << 16)]
    public int ValueDim { get; init; } = 80;

    /// <summary>The places before the frame.</summary>
    [JsonRequired]
    [Option("left", Min = 0, Max = 4096)]
    public int Left { get; init; } = 5;

    /// <summary>The places after the frame.</summary>
    [JsonRequired]
    [Option("right", Min = 0, Max = 4096)]
    public int Right { get; init; } = 2;

    /// <summary>The frames from one place to the next.</summary>
    [JsonRequired]
    [Option("time-stride", Min = 1, Max = 4096)]
    public int TimeStride { get; init; } = 3;

    /// <summary>True: the weights of the places are outputs too.</summary>
    [JsonRequired]
    [Option("output-context")]
    public bool OutputsContext { get; init; } = true;

    /// <summary>The factor of the products of queries and keys; 0: 1 / sqrt(key-dim).</summary>
    [JsonRequired]
    [Option("key-scale", Min = 0)]
    public float KeyScale { get; init; }

    /// <summary>Gets the places of the window.</summary>
    [JsonIgnore]
    public int ContextDim => Left + 1 + Right;

    /// <summary>Gets the number of inputs: keys, values and queries of all heads.</summary>
    [JsonIgnore]
    public int InputDim => Heads * (KeyDim + ValueDim + KeyDim + ContextDim);

    /// <inheritdoc/>
    internal override int RequiredInputDim => InputDim;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new RestrictedAttentionBlock(this);
}

/// <summary>Computes a <see cref="RestrictedAttentionSpec"/>.</summary>
internal sealed class RestrictedAttentionBlock(RestrictedAttentionSpec spec)
    : TapeBlock(spec.Heads * (spec.ValueDim + (spec.OutputsContext ? spec.ContextDim : 0)))
{
    public override bool NeedsSequences => true;

    // Letters: S sequences, T frames, H heads, C places.
    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters)
    {
        var padded = new PaddedSequences(pass.RequiredSequences, x.device);
        var heads = padded.Pad(x).view(-1, padded.Steps, spec.Heads, spec.InputDim / spec.Heads);
        var (keys, values) = (Windows(heads.narrow(3, 0, spec.KeyDim)), Windows(heads.narrow(3, spec.KeyDim, spec.ValueDim)));
        var queries = heads.narrow(3, spec.KeyDim + spec.ValueDim, spec.KeyDim);
        var places = heads.narrow(3, spec.KeyDim + spec.ValueDim + spec.KeyDim, spec.ContextDim);
        var scale = spec.KeyScale > 0 ? spec.KeyScale : 1 / Math.Sqrt(spec.KeyDim);
        var products = torch.stack([.. keys.Select(key => (queries * key).sum(3))], 3);
        var weights = torch.nn.functional.softmax((products * Scalars.Of(scale)).Plus(places), 3);
        var result = values.Select((value, place) => value * weights.narrow(3, place, 1)).Aggregate((sum, next) => sum.Plus(next));
        if (spec.OutputsContext)
            result = torch.cat([result, weights], 3);
        return padded.Pack(result.reshape(heads.size(0), padded.Steps, OutputDim));
    }

    // What each frame sees at each place, C times [S, T, H, D].
    private Tensor[] Windows(Tensor x)
    {
        var (before, after) = (spec.Left * spec.TimeStride, spec.Right * spec.TimeStride);
        var all = torch.nn.functional.pad(x, [0, 0, 0, 0, before, after]);
        return [.. Enumerable.Range(0, spec.ContextDim).Select(place => all.narrow(1, place * spec.TimeStride, x.size(1)))];
    }
}
