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

    [MpiRunFact("mpirun.mpich")]
    public void Three_workers_under_MPICH_get_the_plain_sum_over_MPI_NET() => Sums(Mpich, 3, "MPI.NET", "mpi-net");

    [MpiRunFact("mpirun.openmpi")]
    public void MPI_NET_refuses_Open_MPI_and_says_what_to_do()
    {
        using var run = Start(OpenMpi, 2, "collectives", "mpi-net");

        var (code, output) = run.Finish();

        Assert.NotEqual(0, code);
        Assert.Contains("start it with mpiexec.mpich, or use the direct binding", output, StringComparison.Ordinal);
    }

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

    private static void Sums(string[] launcher, int workers, string library, string program = "mpi")
    {
        using var run = Start(launcher, workers, "collectives", program);

        var (code, output) = run.Finish();

        Assert.True(code == 0, output);
        Assert.Equal(workers, output.Split('\n').Count(line => line.EndsWith("all sums are right", StringComparison.Ordinal)));
        Assert.Contains($"over {library}", output, StringComparison.Ordinal);
    }

    private static WorkerProcess Start(string[] launcher, int workers, string verb, string program = "mpi") => WorkerProcess.StartProgram(
        launcher[0],
        [.. launcher[1..], workers.ToString(CultureInfo.InvariantCulture), "dotnet", WorkerProcess.Assembly, program, verb]);
}
