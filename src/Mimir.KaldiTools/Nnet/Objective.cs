using Mimir.Core.Losses;
using Mimir.Core.Tensors;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>An objective that training minimises, with its sums so far and its report in Kaldi's words.</summary>
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

    /// <summary>True when the targets of an output may be negative.</summary>
    /// <param name="output">The output.</param>
    public abstract bool AllowsNegative(int output);

    /// <summary>Formats the report at the end, with the end of its last line.</summary>
    public abstract string Report();

    /// <summary>Formats the report by class; null where there is none.</summary>
    public virtual string? ReportPerClass() => null;
}

/// <summary>Cross-entropy on some outputs, which have a softmax of their own: Kaldi's Xent.</summary>
/// <param name="first">The first output.</param>
/// <param name="count">The number of outputs.</param>
/// <param name="progress">Logs the loss on the way.</param>
internal sealed class XentObjective(int first, int count, ProgressReport progress) : Objective
{
    // Kaldi's guard of classes without frames.
    private const double ClassSmoothing = 0.5;

    private readonly ClassTotals _classes = new(count);
    private SoftLossResult _sums;

    public override double AverageLoss => _sums.Frames == 0 ? 0 : _sums.Loss / _sums.Frames;

    public override void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient)
    {
        var part = first == 0 && count == output.Columns ? targets : targets.OfClasses(first, count);
        var batch = CrossEntropy.Evaluate(output, first, count, part, weights, gradient, _classes);
        _sums += batch;
        progress.Add(batch.Frames, batch.Loss);
    }

    public override bool AllowsNegative(int output) => false;

    public override string Report() =>
        $"AvgLoss: {KaldiLog.Number(_sums.Loss / _sums.Frames)} (Xent), "
        + $"[AvgXent: {KaldiLog.Number(_sums.CrossEntropy / _sums.Frames)}, "
        + $"AvgTargetEnt: {KaldiLog.Number(_sums.TargetEntropy / _sums.Frames)}]\n"
        + progress.Line
        + $"FRAME_ACCURACY >> {KaldiLog.Number(100 * _sums.Correct / _sums.Frames)}% <<\n";

    public override string ReportPerClass()
    {
        var frames = _classes.Frames.ToArray();
        var loss = frames.Select((n, c) => (_classes.CrossEntropy[c] - _classes.TargetEntropy[c]) / (n + ClassSmoothing));
        var accuracy = frames.Select((n, c) => 100 * _classes.Correct[c] / (n + ClassSmoothing));
        return $"PER-CLASS PERFORMANCE:\n@@@ Frames per-class:{KaldiLog.Vector(frames)}"
            + $"@@@ Loss per-class:{KaldiLog.Vector(loss)}@@@ Frame-accuracy per-class:{KaldiLog.Vector(accuracy)}";
    }
}

/// <summary>Mean squared error on some outputs: Kaldi's Mse.</summary>
/// <param name="first">The first output.</param>
/// <param name="count">The number of outputs.</param>
/// <param name="onSoftmax">True when the network ends in a softmax, which the targets are compared with.</param>
/// <param name="progress">Logs the loss on the way.</param>
internal sealed class MseObjective(int first, int count, bool onSoftmax, ProgressReport progress) : Objective
{
    private LossResult _sums;

    public override double AverageLoss => _sums.Frames == 0 ? 0 : _sums.Loss / _sums.Frames;

    public override void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient)
    {
        using var posteriors = onSoftmax ? output.clone() : null;
        posteriors?.SoftmaxInto(posteriors);
        var part = first == 0 && count == output.Columns ? targets : targets.OfClasses(first, count);
        var batch = MeanSquaredError.Evaluate(posteriors ?? output, first, count, part, weights, gradient);
        _sums += batch;
        progress.Add(batch.Frames, batch.Loss);
    }

    public override bool AllowsNegative(int output) => true;

    public override string Report()
    {
        var loss = _sums.Loss / _sums.Frames;
        return $"AvgLoss: {KaldiLog.Number(loss)} (Mse), "
            + $"[RMS {KaldiLog.Number(Math.Sqrt(loss / count))}, frames {KaldiLog.Number(_sums.Frames)}]\n"
            + progress.Line;
    }
}

/// <summary>Several objectives side by side, each on its outputs: Kaldi's MultiTaskLoss.</summary>
/// <param name="tasks">The objectives with their ranges of outputs and weights, in the order of the outputs.</param>
/// <param name="log">Receives warnings.</param>
internal sealed class MultitaskObjective(IReadOnlyList<MultitaskObjective.Task> tasks, KaldiLog log) : Objective
{
    /// <summary>One of the objectives.</summary>
    /// <param name="Objective">The objective.</param>
    /// <param name="First">Its first output.</param>
    /// <param name="Count">The number of its outputs.</param>
    /// <param name="Weight">The factor of its loss and gradient.</param>
    internal sealed record Task(Objective Objective, int First, int Count, float Weight);

    public override double AverageLoss
    {
        get
        {
            double sum = 0;
            for (var i = 0; i < tasks.Count; i++)
            {
                var value = tasks[i].Weight * tasks[i].Objective.AverageLoss;
                if (double.IsFinite(value))
                    sum += value;
                else
                    log.Warning($"Loss {i + 1}, has bad objective function value '{KaldiLog.Number(value)}', using 0.0 instead.");
            }

            return sum;
        }
    }

    public override void Evaluate(Tensor output, SoftTargets targets, float[] weights, Tensor? gradient)
    {
        foreach (var task in tasks)
            task.Objective.Evaluate(output, targets, OfTask(targets, weights, task), gradient);

        if (gradient is not null)
            Scale(gradient);
    }

    public override bool AllowsNegative(int output) =>
        tasks.All(task => output < task.First || output >= task.First + task.Count || task.Objective.AllowsNegative(output - task.First));

    public override string Report() =>
        $"MultiTaskLoss, with {tasks.Count} parallel loss functions.\n"
        + string.Concat(tasks.Select((task, i) => $"Loss {i + 1}, {task.Objective.Report()}\n"))
        + $"Loss (OVERALL), AvgLoss: {KaldiLog.Number(AverageLoss)} (MultiTaskLoss), "
        + $"weights {KaldiLog.Numbers(tasks.Select(task => (double)task.Weight))}, "
        + $"values {KaldiLog.Numbers(tasks.Select(task => task.Objective.AverageLoss))}\n";

    // A frame takes part in a task only where it has a target of that task.
    private static float[] OfTask(SoftTargets targets, float[] weights, Task task)
    {
        var result = (float[])weights.Clone();
        for (var frame = 0; frame < result.Length; frame++)
        {
            var classes = targets.Classes[targets.Offsets[frame]..targets.Offsets[frame + 1]];
            var has = false;
            foreach (var index in classes)
                has |= index >= task.First && index < task.First + task.Count;

            if (!has)
                result[frame] = 0;
        }

        return result;
    }

    private void Scale(Tensor gradient)
    {
        if (tasks.All(task => task.Weight == 1))
            return;

        var factors = new float[gradient.Count];
        for (var row = 0; row < gradient.Rows; row++)
        {
            foreach (var task in tasks)
                factors.AsSpan((row * gradient.Columns) + task.First, task.Count).Fill(task.Weight);
        }

        using var factor = Tensor.From(Device.Of(gradient), factors, gradient.shape, gradient.dtype);
        gradient.mul_(factor);
    }
}

/// <summary>Logs the loss of every few hours of speech, as frames of 10 milliseconds.</summary>
/// <param name="name">Kaldi's name of the loss.</param>
/// <param name="every">The frames between two reports; 0 for none.</param>
/// <param name="log">Receives them.</param>
/// <param name="time">The clock of speeds; null leaves them out.</param>
internal sealed class ProgressReport(string name, int every, KaldiLog log, TimeProvider? time)
{
    private const int FramesPerHour = 100 * 3600;

    private readonly List<double> _losses = [];
    private readonly long _start = time?.GetTimestamp() ?? 0;
    private double _frames;
    private double _allFrames;
    private double _loss;
    private double _lastSeconds;

    /// <summary>Gets the line of all losses that were reported.</summary>
    public string Line => $"progress: [{KaldiLog.Numbers(_losses)}]\n";

    /// <summary>Adds a batch.</summary>
    public void Add(double frames, double loss)
    {
        _frames += frames;
        _allFrames += frames;
        _loss += loss;
        if (every <= 0 || _frames <= every)
            return;

        log.Log($"ProgressLoss[last {(int)(_frames / FramesPerHour)}h of {(int)(_allFrames / FramesPerHour)}h]: "
            + $"{KaldiLog.Number(_loss / _frames)} ({name}){Speed()}");
        _losses.Add((float)(_loss / _frames));
        (_frames, _loss) = (0, 0);
    }

    private string Speed()
    {
        if (time is null)
            return "";

        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        var speed = _frames / (seconds - _lastSeconds);
        _lastSeconds = seconds;
        return $", fps={KaldiLog.Number(speed)}, elapsed {KaldiLog.Number(seconds / 3600, 3)}h";
    }
}
