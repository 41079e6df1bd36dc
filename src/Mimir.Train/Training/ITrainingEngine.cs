using Mimir.Train.Data;
using Mimir.Train.Losses;

namespace Mimir.Train.Training;

/// <summary>A network with its optimiser and its corpus, as the training loop sees them.</summary>
/// <remarks>Calls with the same arguments after the same restored state give the same bytes.</remarks>
internal interface ITrainingEngine : IDisposable
{
    /// <summary>Gets or sets the counters of random streams, by name.</summary>
    IReadOnlyDictionary<string, long> Counters { get; set; }

    /// <summary>Trains on a batch: forward, loss, backward, step. A loss that is not finite takes no step.</summary>
    /// <param name="batch">Frames of the training corpus, at least one.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="rate">The learning rate.</param>
    BatchResult Train(FrameBatch batch, TargetBatch targets, double rate);

    /// <summary>Gets the loss of each frame of the last batch that was trained on, in its order; empty where the loss has none.</summary>
    ReadOnlySpan<float> FrameLosses { get; }

    /// <summary>From now on undoes a batch that cannot be trained on: everything is as before it.</summary>
    /// <param name="lossLimit">The loss a frame above which a batch counts as such too.</param>
    void Watch(double lossLimit);

    /// <summary>Finds out whether a batch can be trained on, and changes nothing; after <see cref="Watch"/>.</summary>
    /// <param name="batch">Frames of the training corpus, at least one.</param>
    /// <param name="targets">Their targets.</param>
    /// <param name="isTrainable">False when its loss or its gradient is not finite, or its loss above the limit.</param>
    BatchResult Probe(FrameBatch batch, TargetBatch targets, out bool isTrainable);

    /// <summary>Evaluates a batch and changes nothing.</summary>
    /// <param name="batch">Frames of the cross-validation corpus.</param>
    /// <param name="targets">Their targets.</param>
    BatchResult Validate(FrameBatch batch, TargetBatch targets);

    /// <summary>Copies the network: its parameters and running statistics.</summary>
    float[] CopyModel();

    /// <summary>Replaces the network by a copy of <see cref="CopyModel"/>.</summary>
    void SetModel(ReadOnlySpan<float> model);

    /// <summary>Copies the state of the optimiser, vectors by name; it may be empty.</summary>
    IReadOnlyDictionary<string, float[]> CopyOptimiser();

    /// <summary>Replaces the optimiser's state by a copy of <see cref="CopyOptimiser"/>.</summary>
    void SetOptimiser(IReadOnlyDictionary<string, float[]> state);

    /// <summary>Copies the state that the network carries from batch to batch, vectors by name; it may be empty.</summary>
    IReadOnlyDictionary<string, float[]> CopyStates();

    /// <summary>Replaces the carried state by a copy of <see cref="CopyStates"/>.</summary>
    void SetStates(IReadOnlyDictionary<string, float[]> states);

    /// <summary>Sets what depends on the share of the run's data that is done, from 0 to 1, such as rates of dropout.</summary>
    void Advance(double share)
    {
    }

    /// <summary>Takes the step of gradients that are gathered and wait for more, at the end of an epoch.</summary>
    /// <param name="rate">The learning rate.</param>
    void TakePendingStep(double rate)
    {
    }

    /// <summary>Makes the optimiser forget its momentum and other gathered state.</summary>
    void ResetOptimiser();
}
