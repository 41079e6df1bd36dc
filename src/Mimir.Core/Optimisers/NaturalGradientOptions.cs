using Mimir.Base.Options;

namespace Mimir.Core.Optimisers;

/// <summary>
/// Natural gradient as nnet3 trains (NG-SGD): the gradients of affine, linear, time-delay, convolutional and LSTM weights are
/// multiplied by running estimates of the inverse Fisher matrix of their inputs and outputs, and no step is too large.
/// </summary>
public sealed record NaturalGradientOptions : OptimiserOptions
{
    /// <summary>The learning rate at the start, for the gradient of one frame.</summary>
    public override double Rate { get; init; } = 0.0003;

    /// <summary>The share of the last step that goes into the next, whose size stays: nnet3 takes 1 - momentum of each gradient.</summary>
    [Option("momentum", Min = 0, Max = 1, MaxExcluded = true)]
    public double Momentum { get; init; }

    /// <summary>
    /// Weight decay: each frame takes 2 * rate * l2 * W from the weights. nnet3 counts a sequence where this counts a frame.
    /// </summary>
    [Option("l2", Min = 0)]
    public double WeightDecay { get; init; }

    /// <summary>The largest norm of the change of a layer's parameters in a step; 0 is no limit. Kaldi: max-change.</summary>
    [Option("max-change", Min = 0)]
    public double MaxChange { get; init; } = 0.75;

    /// <summary>The largest norm of the change of all parameters in a step; 0 is no limit. Kaldi: --max-param-change.</summary>
    [Option("max-param-change", Min = 0)]
    public double MaxParamChange { get; init; } = 2;

    /// <summary>The rank of the estimate for the inputs of a matrix, at most half of them; 0 leaves inputs as they are.</summary>
    [Option("rank-in", Min = 0, Max = 1000)]
    public int RankIn { get; init; } = 20;

    /// <summary>The rank of the estimate for the outputs of a matrix, at most half of them; 0 leaves outputs as they are.</summary>
    [Option("rank-out", Min = 0, Max = 1000)]
    public int RankOut { get; init; } = 80;

    /// <summary>The steps from update to update of an estimate, after eleven updates in a row.</summary>
    [Option("update-period", Min = 1, Max = 1000)]
    public int UpdatePeriod { get; init; } = 4;

    /// <summary>The frames after which an estimate has forgotten all but 1/e.</summary>
    [Option("num-samples-history", Min = 0, Max = 1_000_000, MinExcluded = true)]
    public double SamplesHistory { get; init; } = 2000;

    /// <summary>The smoothing of an estimate, as a multiple of its mean eigenvalue.</summary>
    [Option("alpha", Min = 0)]
    public double Alpha { get; init; } = 4;

    /// <summary>
    /// Backstitch: a step of this share backwards, then one of 1 and this share forwards with the gradient there, at the cost of a
    /// second pass; for one worker, without momentum. 0 is plain. Kaldi: --trainer.optimization.backstitch-training-scale, often 0.3.
    /// </summary>
    [Option("backstitch-scale", Min = 0, Max = 10)]
    public double BackstitchScale { get; init; }

    /// <summary>The minibatches from one with backstitch to the next.</summary>
    [Option("backstitch-interval", Min = 1, Max = 1 << 16)]
    public int BackstitchInterval { get; init; } = 1;

    /// <inheritdoc/>
    public override IOptimiser Create() => new NaturalGradient(this);
}
