using Mimir.Base;
using Mimir.Dist.Collectives;

namespace Mimir.Dist.Updates;

/// <summary>How the workers of a job make one model together. A training loop calls the same verbs whatever mode runs.</summary>
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
/// end early does not matter: who has none left joins with zero frames until all have ended, and nobody waits for it.</para>
/// <para>Every verb may throw <see cref="PeerLostException"/> or <see cref="TimeoutException"/>, which names the peer.
/// Then the members that are left form a new group, all call <see cref="Regroup"/>, and the loop goes on: a step that was
/// interrupted before the optimiser took it (in <see cref="BeforeStep"/>) is computed again, unless Regroup says that the
/// model was replaced; an interrupted <see cref="Flush"/> is called again; everything else goes on as if it had returned.</para>
/// <para>One thread calls. A mode owns none of the collectives and transports that it is given.</para>
/// </remarks>
public interface IUpdateMode : IDisposable
{
    /// <summary>Gets what was exchanged until now, and how long it took.</summary>
    UpdateStatistics Statistics { get; }

    /// <summary>Gets the blocks that the model of all has gone through; 0 before the first, and in modes without.</summary>
    long Blocks { get; }

    /// <summary>Gets or sets bits that this member tells the others with each exchange; 0, the default, is nothing.</summary>
    /// <remarks>
    /// They ride on messages that are sent anyway: in sync at every step, in ma, bmuf and two-tier at every block. asgd, in
    /// which there is no exchange of all, does not pass them on.
    /// </remarks>
    long Signal { get; set; }

    /// <summary>Gets or sets who is told that this worker is about to give its model into a block, with the block's number from 1.</summary>
    /// <remarks>Of ma and bmuf; the block may be interrupted, and is then begun again.</remarks>
    Action<long>? BlockBegins { get; set; }

    /// <summary>Takes the bits that any member told in the last exchange of all: the same on each; 0 the second time.</summary>
    long TakeHeard();

    /// <summary>Starts: all workers get the model of the first.</summary>
    /// <param name="model">This worker's parameters, replaced.</param>
    void Begin(Memory<float> model);

    /// <summary>Tells that a part of the gradients is final; called as the backward pass goes on, from the end to the begin.</summary>
    /// <remarks>Modes that do not sum gradients ignore it. The part must not be touched until <see cref="BeforeStep"/> returns.</remarks>
    /// <param name="gradients">All gradients.</param>
    /// <param name="offset">The first element that is final; all behind it are too.</param>
    /// <param name="count">How many are new; for the first call of a step they end at the end of the gradients.</param>
    void GradientReady(Memory<float> gradients, int offset, int count);

    /// <summary>Returns when the gradients hold what the optimiser's step is to be taken with.</summary>
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
    /// <returns>What was done; <see cref="UpdateOutcome.Unfinished"/> when a signal was heard before the others' data had ended:
    /// the epoch then goes on where the loop likes, and Flush is called again.</returns>
    UpdateOutcome Flush(Memory<float> model);

    /// <summary>Goes on with other numbers; called on all members between the same two exchanges of all.</summary>
    /// <remarks>Periods, block momentum and block rate change; all else stays as it was.</remarks>
    /// <param name="options">The numbers, of the same mode.</param>
    /// <exception cref="ArgumentException">Something is out of range, or of another mode.</exception>
    void Tune(UpdateOptions options);

    /// <summary>Goes on from the last block with other members; called by all of them after some were lost or came back.</summary>
    /// <remarks>
    /// What a member has learnt since the last block stays in its model. A fresh mode, on a worker that comes (back) or
    /// whose checkpoint is of a job of another size, calls it in place of <see cref="Begin"/> and gets model and state of
    /// the others. At least one member must have begun.
    /// </remarks>
    /// <param name="collective">Joins the members of the new formation.</param>
    /// <param name="model">This worker's parameters.</param>
    UpdateOutcome Regroup(ICollective collective, Memory<float> model);

    /// <summary>What a checkpoint keeps of this worker besides model and optimiser, by name.</summary>
    /// <remarks>To be called between steps, on all workers before the same step.</remarks>
    IReadOnlyDictionary<string, float[]> SaveState();

    /// <summary>Goes on from a checkpoint, in place of <see cref="Begin"/>.</summary>
    /// <param name="state">What <see cref="SaveState"/> gave on this worker.</param>
    /// <param name="model">This worker's own parameters as they were.</param>
    /// <exception cref="InputException">The state is of another mode or another model.</exception>
    void LoadState(IReadOnlyDictionary<string, float[]> state, Memory<float> model);
}
