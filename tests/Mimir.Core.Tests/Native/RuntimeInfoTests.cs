using Mimir.Core.Native;

namespace Mimir.Core.Tests.Native;

public sealed class RuntimeInfoTests
{
    [Fact]
    public void Read_of_the_runtime_finds_libtorch()
    {
        var info = RuntimeInfo.Read();

        Assert.Matches(@"^\d+\.\d+", info.LibTorch);
        Assert.Equal(Kernels.Available, info.Kernels is not null);
    }

    [KernelFact]
    public void Read_of_the_runtime_names_the_instructions_of_the_kernels() =>
        Assert.Contains(RuntimeInfo.Read().Kernels!.InstructionSet, new[] { "avx512", "avx2", "sse2", "generic" });
}
