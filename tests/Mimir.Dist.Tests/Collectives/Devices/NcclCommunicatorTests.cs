using System.Diagnostics;
using Mimir.Dist.Collectives.Devices;
using Mimir.Dist.Tests.Support;

namespace Mimir.Dist.Tests.Collectives.Devices;

public sealed class NcclCommunicatorTests
{
    // Has NCCL's prototypes, checks what it is given, and "sums" by doubling what lies in the host's memory.
    private const string Fake = """
        #include <stddef.h>
        typedef struct { char bytes[128]; } ncclUniqueId;
        int ncclGetUniqueId(ncclUniqueId *id) { for (int i = 0; i < 128; i++) id->bytes[i] = (char)(i * 3); return 0; }
        int ncclCommInitRank(void **comm, int size, ncclUniqueId id, int rank) {
          for (int i = 0; i < 128; i++) if (id.bytes[i] != (char)(i * 3)) return 5;
          if (size != 2 || rank < 0 || rank > 1) return 6;
          *comm = (void *)(size_t)(100 + rank);
          return 0;
        }
        int ncclAllReduce(const float *from, float *to, size_t count, int type, int op, void *comm, void *stream) {
          if (from != to || type != 7 || op != 0 || (size_t)comm / 2 != 50 || (size_t)stream != 77) return 7;
          for (size_t i = 0; i < count; i++) to[i] *= 2;
          return 0;
        }
        int ncclCommGetAsyncError(void *comm, int *result) { *result = 3; return 0; }
        const char *ncclGetErrorString(int result) { return result == 3 ? "a peer is gone" : "wrong arguments"; }
        int ncclCommDestroy(void *comm) { return 0; }
        int ncclCommAbort(void *comm) { return 0; }
        """;

    [Fact]
    public void Create_joins_by_the_installed_library_or_says_that_there_is_none()
    {
        using var job = Job.Start("in process", 2);
        var missing = Assert.Throws<IOException>(
            () => NcclCommunicator.Create(job.Transports[0], WorkerGroup.All(2), libraries: ["libnccl-of-nobody.so"]));
        Assert.Contains("NCCL is not installed", missing.Message, StringComparison.Ordinal);

        var folder = Directory.CreateTempSubdirectory("mimir-nccl").FullName;
        var (source, library) = (Path.Combine(folder, "fake.c"), Path.Combine(folder, "libfake.so"));
        File.WriteAllText(source, Fake);
        using (var compiler = Process.Start("g++", ["-x", "c", "-shared", "-fPIC", "-o", library, source]))
        {
            compiler.WaitForExit();
            Assert.Equal(0, compiler.ExitCode);
        }

        job.Together(transport =>
        {
            using var nccl = NcclCommunicator.Create(transport, WorkerGroup.All(2), libraries: [library]);
            float[] values = [1, 2, 3];
            Sum(nccl, values, stream: 77);
            Assert.Equal([2, 4, 6], values);
            Assert.Contains(
                "wrong arguments", Assert.Throws<IOException>(() => Sum(nccl, values, stream: 78)).Message, StringComparison.Ordinal);
            Assert.Contains("a peer is gone", Assert.Throws<IOException>(nccl.Check).Message, StringComparison.Ordinal);
            nccl.Abort();
            Assert.Throws<ObjectDisposedException>(nccl.Check);
        });
        Directory.Delete(folder, recursive: true);
    }

    private static unsafe void Sum(NcclCommunicator nccl, float[] values, nint stream)
    {
        fixed (float* start = values)
            nccl.AllReduceSum((nint)start, values.Length, DeviceType.SinglePrecision, stream);
    }
}
