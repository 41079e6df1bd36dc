using Mimir.Train.Data;
using Mimir.Train.Distribution;

namespace Mimir.Train.Training;

/// <summary>A network with its optimiser and its corpus, as the training loop sees them.</summary>
/// <remarks>Calls with the same arguments after the same restored state give the same bytes.</remarks>
public interface ITrainingEngine : IDisposable
{
    /// <summary>Gets or sets the counters of random streams and of the optimiser, by name.</summary>
    IReadOnlyDictionary<string, long> Counters { get; set; }

    /// <summary>Trains on a batch: forward, loss, backward, step.</summary>
    /// <param name="batch">Frames of the training corpus; none where this worker's share of the epoch is over.</param>
    /// <param name="targets">What each of them is to be taken for.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="result">What this worker's batch gave.</param>
    /// <returns>False, with nothing done, when no worker has a batch that this one must take part in.</returns>
    bool TryTrain(FrameBatch batch, TargetBatch targets, double rate, out BatchResult result);

    /// <summary>Gets what joins the network with those of other workers, or null for a worker that is alone.</summary>
    ParameterExchange? Exchange { get; }

    /// <summary>Ends an epoch's training: afterwards all workers hold the same network.</summary>
    /// <returns>False when the epoch goes on: something was heard, or a worker was lost and has left something to do.</returns>
    bool TryEndEpoch();

    /// <summary>Evaluates a batch and changes nothing.</summary>
    /// <param name="batch">Frames of the cross-validation corpus.</param>
    /// <param name="targets">What each of them is to be taken for.</param>
    BatchResult Validate(FrameBatch batch, TargetBatch targets);

    /// <summary>Copies all that makes the network: its parameters and running statistics.</summary>
    float[] CopyModel();

    /// <summary>Replaces the network by one that <see cref="CopyModel"/> gave.</summary>
    void SetModel(ReadOnlySpan<float> model);

    /// <summary>Copies the state of the optimiser, and of what keeps workers together, vectors by name; it may be empty.</summary>
    IReadOnlyDictionary<string, float[]> CopyOptimiser();

    /// <summary>Replaces the optimiser's state by one that <see cref="CopyOptimiser"/> gave.</summary>
    void SetOptimiser(IReadOnlyDictionary<string, float[]> state);

    /// <summary>Copies what the network carries from batch to batch, vectors by name; it may be empty.</summary>
    IReadOnlyDictionary<string, float[]> CopyStates();

    /// <summary>Replaces what the network carries by what <see cref="CopyStates"/> gave.</summary>
    void SetStates(IReadOnlyDictionary<string, float[]> states);

    /// <summary>Makes the optimiser forget what it has gathered, such as momentum.</summary>
    void ResetOptimiser();
}
