namespace Mimir.Train.Reports;

/// <summary>An epoch begins.</summary>
public sealed record EpochStarted : RunEvent
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The learning rate.</summary>
    public double LearningRate { get; init; }
}

/// <summary>Where training stands within an epoch.</summary>
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

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }
}

/// <summary>The schedule judged an epoch.</summary>
public sealed record ScheduleDecided : RunEvent
{
    /// <summary>The epoch that was judged.</summary>
    public required int Epoch { get; init; }

    /// <summary>Whether its model is the best one now.</summary>
    public bool Accepted { get; init; }

    /// <summary>The improvement of the loss in proportion to the loss before.</summary>
    public double RelativeImprovement { get; init; }

    /// <summary>The learning rate of the next epoch.</summary>
    public double LearningRate { get; init; }

    /// <summary>Whether the learning rate is falling.</summary>
    public bool Halving { get; init; }

    /// <summary>Whether training ends here.</summary>
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

    /// <summary>Whether the schedule accepted its model.</summary>
    public bool Accepted { get; init; }

    /// <summary>Training frames.</summary>
    public long Frames { get; init; }

    /// <summary>How long training took, without validation, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets the training speed in frames a second; 0 when the time is not known.</summary>
    public double FramesPerSecond => Seconds > 0 ? Frames / Seconds : 0;
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
