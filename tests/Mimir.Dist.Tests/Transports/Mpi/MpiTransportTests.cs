using System.Diagnostics;
using System.Globalization;
using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests.Transports.Mpi;

public sealed class MpiTransportTests
{
    private static readonly string[] OpenMpi = ["mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-np"];
    private static readonly string[] Mpich = ["mpirun.mpich", "-np"];

    [MpiRunFact("mpirun.openmpi")]
    public void Four_workers_under_Open_MPI_get_the_plain_sum() => Sums(OpenMpi, 4, "Open MPI");

    [MpiRunFact("mpirun.mpich")]
    public void Three_workers_under_MPICH_get_the_plain_sum() => Sums(Mpich, 3, "MPICH");

    [MpiRunFact("mpirun.openmpi")]
    public void A_stopped_worker_is_named_within_ten_seconds()
    {
        using var run = Start(OpenMpi, 2, "hang");
        for (var line = 0; line < 4; line++)
            Assert.NotNull(run.ReadLine());

        var clock = Stopwatch.StartNew();
        var worker = run.Children()[^1];
        WorkerProcess.Signal(worker, 19);
        var (_, output) = run.Finish();

        Assert.True(clock.Elapsed.TotalSeconds < 12, output);
        Assert.Contains("is lost: it gave no sign of life", output, StringComparison.Ordinal);
    }

    private static void Sums(string[] launcher, int workers, string library)
    {
        using var run = Start(launcher, workers, "collectives");

        var (code, output) = run.Finish();

        Assert.True(code == 0, output);
        Assert.Equal(workers, output.Split('\n').Count(line => line.EndsWith("all sums are right", StringComparison.Ordinal)));
        Assert.Contains($"over {library}", output, StringComparison.Ordinal);
    }

    private static WorkerProcess Start(string[] launcher, int workers, string verb) => WorkerProcess.StartProgram(
        launcher[0], [.. launcher[1..], workers.ToString(CultureInfo.InvariantCulture), "dotnet", WorkerProcess.Assembly, "mpi", verb]);
}
