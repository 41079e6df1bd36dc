using Mimir.Dist;
using Mimir.Train.Checkpoints;
using Mimir.Train.Distribution;

namespace Mimir.Train.Training;

/// <summary>Forms the next group of workers after a loss or with newcomers, where the update mode survives it.</summary>
/// <param name="team">The workers.</param>
/// <param name="engine">This worker's network.</param>
/// <param name="exchange">The update mode on the network.</param>
/// <param name="shares">This worker's data.</param>
/// <param name="tuning">Live tuning; newcomers get the tuned values.</param>
/// <param name="progress">The progress of the run, which newcomers get.</param>
/// <param name="warn">Receives a line about each worker that is lost or joins.</param>
internal sealed class TeamRecovery(
    WorkerTeam team, GraphEngine engine, ParameterExchange exchange, DataShares shares, TeamTuning tuning, TrainingProgress progress,
    Action<string> warn)
{
    /// <summary>Runs an exchange. One that a loss interrupts counts as done: the next one of the new group catches up.</summary>
    /// <exception cref="PeerLostException">A worker is lost whom the run cannot do without.</exception>
    public void Run(Action action)
    {
        try
        {
            action();
        }
        catch (PeerLostException loss) when (CanRecover(loss))
        {
            Regroup();
        }
    }

    /// <summary>Gathers numbers of all workers; after a loss those of the workers that are left.</summary>
    /// <inheritdoc cref="WorkerTeam.Gather"/>
    public double[] Gather(params double[] own)
    {
        while (true)
        {
            try
            {
                return team.Gather(own);
            }
            catch (PeerLostException loss) when (CanRecover(loss))
            {
                Regroup();
            }
        }
    }

    /// <summary>Joins a run that is going on, in the place of a lost worker, and takes over its progress.</summary>
    public void Join()
    {
        var (group, checkpoint) = team.Join();
        Form(group, group);
        (progress.State, progress.Best) = (checkpoint.State, checkpoint.Vectors[Checkpoint.Best]);
    }

    /// <summary>Forms the next group of the workers that are left and those that wait to join.</summary>
    public void Regroup()
    {
        var before = team.Group;
        while (true)
        {
            try
            {
                var change = team.Agree();
                foreach (var line in change.Log)
                    warn(line);
                if (change.Newcomers.Count > 0)
                    SendProgress(change.Newcomers);

                Form(change.Group, before);
                return;
            }
            catch (PeerLostException loss) when (CanRecover(loss))
            {
                // One more is lost meanwhile.
            }
        }
    }

    private bool CanRecover(PeerLostException loss) => exchange.SurvivesLoss && loss.Peer != 0 && !team.HasLostCoordinator;

    private void Form(WorkerGroup group, WorkerGroup before)
    {
        exchange.Regroup(team.Form(group));

        // Some may have a request to let in those who are in the group now: they would wait for the others, who have not.
        exchange.ForgetBits((long)TeamRequest.Admit);
        shares.BlockDone(exchange.Blocks, before);

        // All wait until each has formed the group.
        team.Gather();
    }

    // Newcomers get the tuned values with the state; the others have them before the next step, too.
    private void SendProgress(IReadOnlyList<int> newcomers)
    {
        tuning.TryCatchUp(progress);
        var checkpoint = new Checkpoint(
            progress.State with { Counters = exchange.AddCounters(engine.Counters) },
            new Dictionary<string, float[]> { [Checkpoint.Best] = progress.Best });
        foreach (var rank in newcomers)
            CheckpointMessage.Send(team.Transport, rank, checkpoint);
    }
}
