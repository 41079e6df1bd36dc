using Mimir.Base;
using Mimir.Dist.Launch;

namespace Mimir.Dist.Tests.Launch;

public sealed class LaunchEnvironmentTests
{
    [Fact]
    public void Read_without_a_launcher_gives_none() =>
        Assert.Null(LaunchEnvironment.Read(Of("HOME=/root", "SLURM_PROCID=0", "MASTER_PORT=1")));

    [Fact]
    public void Read_understands_mpirun()
    {
        var place = LaunchEnvironment.Read(Of(
            "OMPI_COMM_WORLD_RANK=3", "OMPI_COMM_WORLD_SIZE=4", "OMPI_COMM_WORLD_LOCAL_RANK=1", "OMPI_COMM_WORLD_LOCAL_SIZE=2",
            "SLURM_PROCID=0", "SLURM_STEP_NUM_TASKS=1"));

        Assert.Equal(new WorkerPlace("Open MPI", 3, 4, 1, 2), place);
    }

    [Fact]
    public void Read_understands_mpich() =>
        Assert.Equal(
            new WorkerPlace("MPICH", 0, 2, 0, 2),
            LaunchEnvironment.Read(Of("PMI_RANK=0", "PMI_SIZE=2", "MPI_LOCALRANKID=0", "MPI_LOCALNRANKS=2")));

    [Fact]
    public void Read_understands_torchrun() =>
        Assert.Equal(
            new WorkerPlace("torchrun", 5, 8, 1, 4, "node0", 29500, "run"),
            LaunchEnvironment.Read(Of(
                "RANK=5", "WORLD_SIZE=8", "LOCAL_RANK=1", "LOCAL_WORLD_SIZE=4", "MASTER_ADDR=node0", "MASTER_PORT=29500",
                "TORCHELASTIC_RUN_ID=run")));

    [Fact]
    public void Read_understands_srun() =>
        Assert.Equal(
            new WorkerPlace("Slurm", 2, 4, 0, null, "10.0.0.1", null, "77"),
            LaunchEnvironment.Read(Of(
                "SLURM_PROCID=2", "SLURM_STEP_NUM_TASKS=4", "SLURM_LOCALID=0", "SLURM_STEP_TASKS_PER_NODE=2(x2)",
                "SLURM_LAUNCH_NODE_IPADDR=10.0.0.1", "SLURM_JOB_ID=77")));

    [Theory]
    [InlineData("RANK=1", "WORLD_SIZE")]
    [InlineData("OMPI_COMM_WORLD_SIZE=2", "OMPI_COMM_WORLD_RANK")]
    [InlineData("RANK=2 WORLD_SIZE=2", "RANK=2")]
    [InlineData("RANK=-1 WORLD_SIZE=2", "RANK=-1")]
    [InlineData("RANK=one WORLD_SIZE=2", "RANK=one")]
    [InlineData("RANK=0 WORLD_SIZE=2 LOCAL_RANK=2 LOCAL_WORLD_SIZE=2", "LOCAL_RANK=2")]
    [InlineData("RANK=0 WORLD_SIZE=2 MASTER_PORT=70000", "MASTER_PORT=70000")]
    [InlineData("RANK=0 WORLD_SIZE=2 PMI_RANK=1 PMI_SIZE=2", "contradicts")]
    public void Read_refuses_what_makes_no_sense(string variables, string expected)
    {
        var error = Assert.Throws<InputException>(() => LaunchEnvironment.Read(Of(variables.Split(' '))));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Of(params string[] variables) =>
        variables.Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
