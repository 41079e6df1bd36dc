using Mimir.Base;
using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates;

/// <summary>One worker's part in making one model of all workers'. A training loop calls the same verbs whatever mode runs.</summary>
/// <remarks>
/// <para>The loop, on every worker (see docs/update-modes.md):</para>
/// <code>
/// mode.Begin(model);                                   // or LoadState, or Regroup on a worker that comes back
/// for every epoch:
///     for (;;)
///         batch = the next one, or none when this worker's data have ended
///         if (batch): forward, backward                // mode.GradientReady(gradients, offset, count) on the way
///         total = mode.BeforeStep(gradients, frames);  // frames = 0 without a batch
///         if (total == 0) break;
///         optimiser.Step(gradients, rate, total);
///         outcome = mode.AfterStep(model, frames, rate);
///     outcome = mode.Flush(model);
/// </code>
/// <para>Model and gradients are flat and have the same length on all workers. Gradients are sums over frames. Where data
/// end early does not matter: a worker without data joins with zero frames until all have ended, and nobody waits for it.</para>
/// <para>Every verb may throw <see cref="PeerLostException"/> or <see cref="TimeoutException"/>, which names the peer.
/// Then the members that are left form a new group, all call <see cref="Regroup"/>, and the loop goes on: a step that was
/// interrupted before the optimiser took it (in <see cref="BeforeStep"/>) is computed again, unless Regroup says that the
/// model was replaced; an interrupted <see cref="Flush"/> is called again; everything else goes on as if it had returned.</para>
/// <para>Signals between workers, and blocks of steps, are in <see cref="UpdateContext.Signals"/>.</para>
/// <para>One thread calls. A mode owns none of the collectives and transports that it is given.</para>
/// </remarks>
public interface IUpdateMode : IDisposable
{
    /// <summary>Gets the counts and times of the exchanges so far.</summary>
    UpdateStatistics Statistics { get; }

    /// <summary>Starts: all workers get the model of the first.</summary>
    /// <param name="model">This worker's parameters, replaced.</param>
    void Begin(Memory<float> model);

    /// <summary>Announces that a part of the gradients is final; called as the backward pass goes on, from the end to the begin.</summary>
    /// <remarks>Modes that do not sum gradients ignore it. The part must not be touched until <see cref="BeforeStep"/> returns.</remarks>
    /// <param name="gradients">All gradients.</param>
    /// <param name="offset">The first final element; all behind it are final too.</param>
    /// <param name="count">The number of new ones; those of a step's first call end at the end of the gradients.</param>
    void GradientReady(Memory<float> gradients, int offset, int count);

    /// <summary>Returns when the gradients are those of the optimiser's step.</summary>
    /// <param name="gradients">This worker's gradients, all of them final; they count as zeros when there are no frames.</param>
    /// <param name="frames">The frames that they are sums over; 0 when this worker has no batch.</param>
    /// <returns>The frames of the global batch; 0: there is nothing left to do before <see cref="Flush"/>.</returns>
    long BeforeStep(Memory<float> gradients, int frames);

    /// <summary>Exchanges models when it is time; called when the optimiser has taken its step.</summary>
    /// <param name="model">This worker's parameters.</param>
    /// <param name="frames">The frames of this worker's own batch, as in <see cref="BeforeStep"/>.</param>
    /// <param name="rate">The learning rate that multiplied the sum of the gradients.</param>
    UpdateOutcome AfterStep(Memory<float> model, int frames, double rate);

    /// <summary>Ends an epoch: returns when the data of all workers have ended and all hold the same model.</summary>
    /// <param name="model">This worker's parameters, replaced where they differ.</param>
    /// <returns>The effect; <see cref="UpdateOutcome.Unfinished"/> when a signal was received before the others' data had ended:
    /// the loop may then do something else, and calls Flush again.</returns>
    UpdateOutcome Flush(Memory<float> model);

    /// <summary>Changes settings; called on all members between the same two exchanges of all.</summary>
    /// <remarks>Only <see cref="UpdateOptions.TunableKeys"/> change; all else stays as it was.</remarks>
    /// <param name="options">The settings, of the same mode.</param>
    /// <exception cref="ArgumentException">Something is out of range, or of another mode.</exception>
    void Tune(UpdateOptions options);

    /// <summary>Goes on from the last block with other members; called by all of them after some were lost or came back.</summary>
    /// <remarks>
    /// The steps of a member since the last block stay in its model. A fresh mode, on a worker that joins, rejoins, or
    /// whose checkpoint is of a job of another size, calls it in place of <see cref="Begin"/> and gets model and state of
    /// the others. At least one member must have begun.
    /// </remarks>
    /// <param name="collective">Joins the members of the new formation.</param>
    /// <param name="model">This worker's parameters.</param>
    UpdateOutcome Regroup(ICollective collective, Memory<float> model);

    /// <summary>The state of this worker for a checkpoint, besides model and optimiser, by name.</summary>
    /// <remarks>To be called between steps, on all workers before the same step.</remarks>
    IReadOnlyDictionary<string, float[]> SaveState();

    /// <summary>Goes on from a checkpoint, in place of <see cref="Begin"/>.</summary>
    /// <param name="state">The result of <see cref="SaveState"/> on this worker.</param>
    /// <param name="model">This worker's own parameters as they were.</param>
    /// <exception cref="InputException">The state is of another mode or another model.</exception>
    void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model);
}
