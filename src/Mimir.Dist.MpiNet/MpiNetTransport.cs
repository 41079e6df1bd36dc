using System.Collections;
using Mimir.Base;
using Mimir.Dist.Launch;
using Mimir.Dist.Transports;
using Mimir.Dist.Transports.Mpi;

namespace Mimir.Dist.MpiNet;

/// <summary>Joins workers that MPICH's or MS-MPI's launcher has started, over the package MPI.NET.</summary>
/// <remarks>
/// One line chooses it: <c>new WorkerContextOptions { ConnectMpi = MpiNetTransport.Connect }</c>. The waits, heartbeats and
/// limits are those of <see cref="MpiTransport"/>. Open MPI is refused: MPI.NET passes MPICH's integer handles, where Open MPI
/// takes pointers.
/// </remarks>
public static class MpiNetTransport
{
    /// <summary>Joins the job. To be called once in a process.</summary>
    /// <param name="options">Limits; of the libraries the first is taken that is there and no Open MPI.</param>
    /// <exception cref="InputException">The job or the library is Open MPI's.</exception>
    /// <exception cref="IOException">There is no library, or it does not start.</exception>
    public static ITransport Connect(MpiTransportOptions options)
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");
        if (LaunchEnvironment.Read(variables)?.Launcher == "Open MPI")
        {
            throw new InputException(
                "MPI.NET cannot call Open MPI, which has started this job: start it with mpiexec.mpich, or use the direct binding");
        }

        MpichLibrary.Load(options.Libraries);
        return MpiTransport.Connect(options, new MpiNetBinding());
    }
}
