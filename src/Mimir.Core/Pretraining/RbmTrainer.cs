using Mimir.Base.Options;
using TorchSharp;

namespace Mimir.Core.Pretraining;

/// <summary>The options of training by contrastive divergence, with the names and defaults of rbm-train-cd1-frmshuff.</summary>
public record RbmOptions
{
    /// <summary>Learning rate; it is multiplied by 1 - momentum.</summary>
    [Option("learn-rate", Min = 0, MinExcluded = true)]
    public double LearnRate { get; init; } = 0.4;

    /// <summary>Initial momentum for linear scheduling.</summary>
    [Option("momentum", Min = 0, Max = 1, MaxExcluded = true)]
    public double Momentum { get; init; } = 0.5;

    /// <summary>Final momentum for linear scheduling.</summary>
    [Option("momentum-max", Min = 0, Max = 1, MaxExcluded = true)]
    public double MomentumMax { get; init; } = 0.9;

    /// <summary>Number of steps of linear momentum scheduling.</summary>
    [Option("momentum-steps", Min = 1)]
    public int MomentumSteps { get; init; } = 40;

    /// <summary>Number of frames per single momentum increase step.</summary>
    [Option("momentum-step-period", Min = 1)]
    public int MomentumStepPeriod { get; init; } = 500_000;

    /// <summary>L2 penalty (weight decay, increases mixing-rate).</summary>
    [Option("l2-penalty", Min = 0)]
    public double L2 { get; init; } = 0.0002;

    /// <summary>
    /// Take momentum-max from the first momentum step on while the rate follows the schedule, as Kaldi's program does by an error
    /// that gave better results.
    /// </summary>
    [Option("with-bug")]
    public bool WithBug { get; init; } = true;
}

/// <summary>The position of the training of a machine.</summary>
/// <param name="Frames">The frames that it has seen.</param>
/// <param name="Steps">The batches that it has seen, which seed the hidden units that are drawn.</param>
/// <param name="Protections">The steps since the last rise of momentum in which it protected its weights.</param>
public readonly record struct RbmProgress(long Frames, long Steps, int Protections);

/// <summary>Trains a machine with the course of momentum and learning rate of rbm-train-cd1-frmshuff.</summary>
/// <remarks>
/// Momentum rises from its initial to its final value in steps of some frames, and the rate is <c>learn-rate * (1 - momentum)</c>,
/// so that the size of the movement stays. Where the machine protects itself from exploding weights, the rate falls by a tenth
/// until momentum rises the next time.
/// </remarks>
/// <param name="machine">The machine.</param>
/// <param name="options">The rates.</param>
/// <param name="seed">The seed of the hidden units that are drawn.</param>
public sealed class RbmTrainer(Rbm machine, RbmOptions options, ulong seed)
{
    private const double Protected = 0.9;

    /// <summary>Gets or sets the position; the parameters and the momentum of the machine belong to it.</summary>
    public RbmProgress Progress { get; set; }

    /// <summary>Gets the number of times that momentum has risen.</summary>
    public long Period => Progress.Frames / options.MomentumStepPeriod;

    /// <summary>Gets the rates of the next step.</summary>
    public RbmRates Rates
    {
        get
        {
            var momentum = Period > options.MomentumSteps
                ? options.MomentumMax
                : options.Momentum + (Period * (options.MomentumMax - options.Momentum) / options.MomentumSteps);
            return new(
                options.LearnRate * (1 - momentum) * Math.Pow(Protected, Progress.Protections),
                options.WithBug && Progress.Steps > 0 ? options.MomentumMax : momentum,
                options.L2);
        }
    }

    /// <summary>Takes a step on a batch, and advances the schedule.</summary>
    /// <inheritdoc cref="Rbm.Step"/>
    public RbmStep Step(torch.Tensor visible)
    {
        var (before, period) = (Progress, Period);
        var step = machine.Step(visible, Rates, seed + (ulong)before.Steps);
        Progress = new(before.Frames + step.Frames, before.Steps + 1, before.Protections + (step.Scale is null ? 0 : 1));

        // Kaldi sets the rate after the first batch too.
        if (Period > period || before.Steps == 0)
            Progress = Progress with { Protections = 0 };
        return step;
    }
}
