using System.Globalization;
using Mimir.Train.Checkpoints;

namespace Mimir.Train.Reports;

/// <summary>An epoch begins.</summary>
public sealed record EpochStarted : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }
}

/// <summary>The progress of training within an epoch.</summary>
public sealed record StepProgress : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Minibatches done since the run began.</summary>
    public long Step { get; init; }

    /// <summary>Frames done in this epoch.</summary>
    public long Frames { get; init; }

    /// <summary>The loss a frame so far in this epoch, in nats.</summary>
    public double Loss { get; init; }

    /// <summary>The share of frames classified right so far in this epoch, from 0 to 1.</summary>
    public double FrameAccuracy { get; init; }

    /// <summary>Frames a second since the last such line.</summary>
    public double FramesPerSecond { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }
}

/// <summary>The cross-validation set was evaluated.</summary>
public sealed record CrossValidated : RunEvent
{
    /// <summary>The epoch that was evaluated; 0 for the initial model.</summary>
    public required int Epoch { get; init; }

    /// <summary>The loss a frame, in nats.</summary>
    public double Loss { get; init; }

    /// <summary>The share of frames classified right, from 0 to 1.</summary>
    public double FrameAccuracy { get; init; }

    /// <summary>Frames of the set.</summary>
    public long Frames { get; init; }

    /// <summary>The time that it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The means of what else the loss measures, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, double>? Measures { get; init; }
}

/// <summary>The schedule judged an epoch.</summary>
public sealed record ScheduleDecided : RunEvent
{
    /// <summary>The epoch that was judged.</summary>
    public required int Epoch { get; init; }

    /// <summary>True when its model is the best one now.</summary>
    public bool Accepted { get; init; }

    /// <summary>The improvement of the loss in proportion to the loss before.</summary>
    public double RelativeImprovement { get; init; }

    /// <summary>The learning rate of the next epoch.</summary>
    public double LearningRate { get; init; }

    /// <summary>True while the learning rate is falling.</summary>
    public bool Halving { get; init; }

    /// <summary>True when training ends here.</summary>
    public bool Stop { get; init; }
}

/// <summary>An epoch is trained and validated.</summary>
public sealed record EpochFinished : RunEvent
{
    /// <summary>The epoch, from 1; 0 for the validation of the initial model.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }

    /// <summary>The training loss a frame, in nats.</summary>
    public double TrainLoss { get; init; }

    /// <summary>The share of training frames classified right, from 0 to 1.</summary>
    public double TrainAccuracy { get; init; }

    /// <summary>The cross-validation loss a frame, in nats.</summary>
    public double CvLoss { get; init; }

    /// <summary>The share of cross-validation frames classified right, from 0 to 1.</summary>
    public double CvAccuracy { get; init; }

    /// <summary>True when the schedule accepted its model.</summary>
    public bool Accepted { get; init; }

    /// <summary>Training frames.</summary>
    public long Frames { get; init; }

    /// <summary>The time of training, without validation, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The means of what else the loss measures in training, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, double>? TrainMeasures { get; init; }

    /// <summary>The same in cross-validation.</summary>
    public IReadOnlyDictionary<string, double>? CvMeasures { get; init; }

    /// <summary>Gets the training speed in frames a second; 0 when the time is not known.</summary>
    public double FramesPerSecond => Seconds > 0 ? Frames / Seconds : 0;
}

/// <summary>An average of models was chosen by cross-validation when training was over.</summary>
public sealed record ModelsAveraged : RunEvent
{
    /// <summary>The average.</summary>
    public required AverageRecord Average { get; init; }
}

/// <summary>An utterance was set aside for the rest of the run.</summary>
public sealed record UtteranceQuarantined : RunEvent
{
    /// <summary>Its set.</summary>
    public required string Set { get; init; }

    /// <summary>Its id.</summary>
    public required string Utterance { get; init; }

    /// <summary>The epoch, from 1; 0 before training.</summary>
    public int Epoch { get; init; }

    /// <summary>The minibatch since the run began that was undone, or would have come next; 0 before training.</summary>
    public long Step { get; init; }

    /// <summary>The reason.</summary>
    public required string Reason { get; init; }
}

/// <summary>The state of training is on the disk.</summary>
public sealed record CheckpointSaved : RunEvent
{
    /// <summary>Its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The epoch that it lies in, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>Minibatches done since the run began.</summary>
    public long Step { get; init; }
}

/// <summary>The exchanges of this worker in an epoch, and its waits.</summary>
public sealed record WorkersExchanged : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The workers.</summary>
    public int Workers { get; init; }

    /// <summary>Steps whose gradients were summed.</summary>
    public long Steps { get; init; }

    /// <summary>Averages, block updates, or pushes to the parameter server.</summary>
    public long Blocks { get; init; }

    /// <summary>Bytes of gradients or models that this worker gave into exchanges.</summary>
    public long Bytes { get; init; }

    /// <summary>The time of exchanges, those beside the backward pass included, in seconds.</summary>
    public double ExchangeSeconds { get; init; }

    /// <summary>The time that training waited for the others, in seconds.</summary>
    public double WaitingSeconds { get; init; }

    /// <summary>The same in per cent of the epoch's training.</summary>
    public double WaitingPercent { get; init; }

    /// <summary>The time that training waited for its input, in per cent of the epoch's training; null where it was not measured.</summary>
    public double? InputStallPercent { get; init; }

    /// <summary>The pushes by staleness, on the parameter server: element s counts those that s others overtook. Else null.</summary>
    public IReadOnlyList<long>? Staleness { get; init; }
}

/// <summary>A running job was tuned: values change from a step on, the same on all workers.</summary>
public sealed record RunTuned : RunEvent
{
    /// <summary>The epoch of the first step with it, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>That step within the epoch, from 1.</summary>
    public required int EpochStep { get; init; }

    /// <summary>That step since the run began, from 1.</summary>
    public required long Step { get; init; }

    /// <summary>The block that the step is in, from 1, where workers meet in blocks; else null.</summary>
    public long? Block { get; init; }

    /// <summary>The changed values.</summary>
    public required IReadOnlyList<TunedValue> Changes { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", Changes)} from epoch {Epoch}, step {EpochStep} on{(Block is { } block ? $" (block {block})" : "")}");
}

/// <summary>A value that was tuned.</summary>
/// <param name="Key">The name: <c>rate</c>, or the last part of its path in the recipe.</param>
/// <param name="From">The value before.</param>
/// <param name="To">The value from now on.</param>
public sealed record TunedValue(string Key, string From, string To)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key} {From} -> {To}";
}

/// <summary>A set was decoded.</summary>
public sealed record SetDecoded : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>Utterances with a hypothesis.</summary>
    public long Utterances { get; init; }

    /// <summary>Utterances without one, or whose search ended in no final state.</summary>
    public long Incomplete { get; init; }

    /// <summary>Frames.</summary>
    public long Frames { get; init; }

    /// <summary>The wall-clock time, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Processor time over the duration of the speech, or null.</summary>
    public double? RealTimeFactor { get; init; }
}

/// <summary>The hypotheses of a set were compared with its transcripts.</summary>
public sealed record SetScored : RunEvent
{
    /// <summary>The set.</summary>
    public required string Set { get; init; }

    /// <summary>The measure: <c>WER</c>, <c>CER</c>, or <c>SER</c> for syllables.</summary>
    public required string Measure { get; init; }

    /// <summary>Errors in percent of the reference.</summary>
    public double Percent { get; init; }

    /// <summary>Words, characters or syllables of the reference.</summary>
    public long Reference { get; init; }

    /// <summary>Insertion errors.</summary>
    public long Insertions { get; init; }

    /// <summary>Deletion errors.</summary>
    public long Deletions { get; init; }

    /// <summary>Substitution errors.</summary>
    public long Substitutions { get; init; }

    /// <summary>The language-model weight, or null.</summary>
    public double? LmWeight { get; init; }

    /// <summary>The word insertion penalty, or null.</summary>
    public double? WordInsertionPenalty { get; init; }

    /// <summary>The set on which weight and penalty were chosen, or null.</summary>
    public string? TunedOn { get; init; }
}
