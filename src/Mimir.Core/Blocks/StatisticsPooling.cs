using System.Text.Json.Serialization;
using Mimir.Base.Options;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Blocks;

/// <summary>
/// The mean, and the standard deviation, of each value over the whole utterance or a window around the frame, as Kaldi's statistics
/// extraction and pooling components. At the ends of an utterance a window has fewer frames.
/// </summary>
public sealed record StatisticsPoolingSpec : BlockSpec
{
    /// <summary>The frames before the current one that count; -1: all.</summary>
    [JsonRequired]
    [Option("left", Min = -1, Max = 1 << 20)]
    public int Left { get; init; } = -1;

    /// <summary>The frames after the current one that count; -1: all.</summary>
    [JsonRequired]
    [Option("right", Min = -1, Max = 1 << 20)]
    public int Right { get; init; } = -1;

    /// <summary>True: the standard deviations follow the means.</summary>
    [JsonRequired]
    [Option("stddev")]
    public bool HasDeviation { get; init; } = true;

    /// <summary>The least variance.</summary>
    [JsonRequired]
    [Option("variance-floor", Min = 0, MinExcluded = true)]
    public float VarianceFloor { get; init; } = 1e-10f;

    /// <inheritdoc/>
    internal override Block Build(int inputDim) => new StatisticsPoolingBlock(this, inputDim);
}

/// <summary>Computes a <see cref="StatisticsPoolingSpec"/> from running sums.</summary>
internal sealed class StatisticsPoolingBlock(StatisticsPoolingSpec spec, int dim) : TapeBlock(spec.HasDeviation ? 2 * dim : dim)
{
    public override bool NeedsSequences => true;

    protected override Tensor Compute(in BatchPass pass, Tensor x, Tensor[] parameters)
    {
        var padded = new PaddedSequences(pass.RequiredSequences, x.device);
        var frames = padded.Pad(x);
        var steps = Tensor.Range(padded.Steps, x.device).unsqueeze(0).expand(frames.size(0), -1);
        var ends = spec.Right < 0
            ? padded.Lengths.expand(-1, padded.Steps)
            : torch.minimum(steps.add(Scalars.Of(spec.Right + 1L), Scalars.Of(1L)), padded.Lengths);
        var begins = spec.Left < 0
            ? torch.zeros_like(steps)
            : steps.add(Scalars.Of(-(long)spec.Left), Scalars.Of(1L)).clamp_min(Scalars.Of(0L));

        // The places behind a sequence have no frames; they are packed away.
        var counts = (ends - begins).clamp_min(Scalars.Of(1L)).unsqueeze(2).to(x.dtype);
        var mean = WindowSums(frames, begins, ends) / counts;
        if (!spec.HasDeviation)
            return padded.Pack(mean);

        var variance = (WindowSums(frames * frames, begins, ends) / counts) - (mean * mean);
        return padded.Pack(torch.cat([mean, variance.clamp_min(Scalars.Of(spec.VarianceFloor)).sqrt()], 2));
    }

    // Of the frames from each beginning to before each end, [S, T, D].
    private static Tensor WindowSums(Tensor frames, Tensor begins, Tensor ends)
    {
        var zeros = torch.zeros_like(frames.narrow(1, 0, 1));
        var sums = torch.cat([zeros, frames.cumsum(1)], 1);
        return At(ends) - At(begins);

        Tensor At(Tensor places) => sums.gather(1, places.clamp_min(Scalars.Of(0L)).unsqueeze(2).expand(-1, -1, frames.size(2)));
    }
}
