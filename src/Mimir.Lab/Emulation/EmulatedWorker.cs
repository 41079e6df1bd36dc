using System.Globalization;
using Mimir.Dist.Emulation;
using Mimir.Dist.Updates;
using Mimir.Train.Data;
using Mimir.Train.Distribution;

namespace Mimir.Lab.Emulation;

/// <summary>A worker's view of the emulated job.</summary>
/// <param name="job">The job.</param>
/// <param name="rank">The worker.</param>
internal sealed class EmulatedWorker(EmulatedJob job, int rank) : ITeamEmulation
{
    public string Machine => string.Create(CultureInfo.InvariantCulture, $"emulated machine {job.Cluster.MachineOf(rank)}");

    public IUpdateMode Create(UpdateOptions options, UpdateContext context, long parameters) =>
        EmulatedUpdate.Create(options, context, job.Begin(parameters));

    public IBatchDealer Watch(IBatchDealer dealer) => new TracedDealer(dealer, job, rank);

    public SetLoader Loader(Func<SetLoader> make) => job.Loaders.Get(0, make);

    public FrameCorpus Load(string name, Func<FrameCorpus> load) => job.Sets.Get(name, load);

    public EpochFrames Make(int epoch, Func<EpochFrames> make)
    {
        // Nobody is further behind than by the epoch that is prepared ahead.
        job.Frames.Forget(made => made < epoch - 2);
        return job.Frames.Get(epoch, make);
    }
}
