using Mimir.Core.Native;

namespace Mimir.Core.Tests.Native;

public sealed class RuntimeInfoTests
{
    [Fact]
    public void Read_of_the_runtime_finds_libtorch()
    {
        var info = RuntimeInfo.Read();

        Assert.Matches(@"^\d+\.\d+", info.LibTorch);
        Assert.True(info.Kernels, "scripts/build native makes the kernels");
        Assert.Contains(info.InstructionSet, new[] { "avx512", "avx2", "sse2", "generic" });
    }
}
