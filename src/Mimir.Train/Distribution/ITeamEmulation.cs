using Mimir.Dist.Updates;
using Mimir.Train.Data;

namespace Mimir.Train.Distribution;

/// <summary>What differs for a worker that is one of several in this process, on a cluster that is not there; see <c>mimir emulate</c>.</summary>
internal interface ITeamEmulation
{
    /// <summary>Gets the name of the machine that this worker is taken to be on.</summary>
    string Machine { get; }

    /// <summary>Makes this worker's part of the update mode.</summary>
    /// <param name="options">Which mode.</param>
    /// <param name="context">What it runs on.</param>
    /// <param name="parameters">The size of the model.</param>
    IUpdateMode Create(UpdateOptions options, UpdateContext context, long parameters);

    /// <summary>A dealer of the same batches that takes down what this worker computes.</summary>
    IBatchDealer Watch(IBatchDealer dealer);

    /// <summary>The loader that all workers of the process share.</summary>
    SetLoader Loader(Func<SetLoader> make);

    /// <summary>A set that all workers of the process share.</summary>
    FrameCorpus Load(string name, Func<FrameCorpus> load);

    /// <summary>An epoch's augmented frames, made once for all workers of the process.</summary>
    EpochFrames Make(int epoch, Func<EpochFrames> make);
}
