using Mimir.Core.Losses;
using Mimir.Core.Tensors;

namespace Mimir.KaldiTools.Nnetbin.Objectives;

/// <summary>What training makes small, with its sums so far and its report in Kaldi's words.</summary>
internal abstract class Objective
{
    /// <summary>Gets the mean loss of a frame so far; 0 before the first.</summary>
    public abstract double AverageLoss { get; }

    /// <summary>Adds a batch.</summary>
    /// <param name="output">The network's output <c>[N, C]</c>, before a softmax at its end.</param>
    /// <param name="targets">The targets of each frame.</param>
    /// <param name="weights">The weight of each frame.</param>
    /// <param name="gradient">Receives the gradient, when not null.</param>
    public abstract void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient);

    /// <summary>The report at the end, with the end of its last line.</summary>
    public abstract string Report();

    /// <summary>The report by class, or null.</summary>
    public virtual string? ReportPerClass() => null;
}
