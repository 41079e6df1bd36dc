using System.Runtime.InteropServices;
using Mimir.Dist.Native;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives.Devices;

/// <summary>Sums over CUDA devices by the installed NCCL, one device a worker, on a stream of the caller.</summary>
/// <remarks>
/// A call puts work on the stream and returns. The caller that waits for the stream bounds that wait, calls <see cref="Check"/>
/// and the transport's meanwhile, and <see cref="Abort"/> when a member is lost. NCCL chooses the order of additions;
/// all members get the same bits. The calling thread's current device is the one that is used.
/// </remarks>
public sealed class NcclCommunicator : IDisposable
{
    private nint _communicator;

    private NcclCommunicator(nint communicator, WorkerGroup group) => (_communicator, Group) = (communicator, group);

    /// <summary>Gets the members.</summary>
    public WorkerGroup Group { get; }

    /// <summary>True when NCCL is installed.</summary>
    /// <param name="libraries">Files to try; null: libnccl.so.2.</param>
    public static bool IsInstalled(IReadOnlyList<string>? libraries = null) =>
        InstalledLibrary.Load(InstalledLibrary.Nccl, libraries ?? ["libnccl.so.2"]) != 0;

    /// <summary>Joins the devices of a group; every member calls it.</summary>
    /// <param name="transport">Carries NCCL's id to the members.</param>
    /// <param name="group">The members.</param>
    /// <param name="channel">The channel of the transport; nobody else uses it at the same time.</param>
    /// <param name="libraries">Files to try; null: libnccl.so.2.</param>
    /// <exception cref="IOException">NCCL is not installed or fails.</exception>
    /// <exception cref="TimeoutException">Some member did not come.</exception>
    public static NcclCommunicator Create(
        ITransport transport, WorkerGroup group, int channel = 0, IReadOnlyList<string>? libraries = null)
    {
        if (!IsInstalled(libraries))
            throw new IOException("NCCL is not installed (libnccl.so.2); without it sums go through the host's memory");

        var talk = new GroupChannel(transport, group, channel);
        var id = Identity(talk);
        nint communicator = 0;
        var result = 0;

        // NCCL's own wait for the members has no time-out, so it is waited for from outside.
        var start = new Thread(() => result = Nccl.ncclCommInitRank(out communicator, talk.Size, id, talk.Index))
        {
            IsBackground = true,
            Name = "NCCL",
        };
        start.Start();
        if (!start.Join(transport.Timeout))
            throw new TimeoutException($"worker {transport.Rank} waited {transport.Timeout.TotalSeconds:0.#} s for NCCL to join {group}");

        ThrowOn(result, nameof(Nccl.ncclCommInitRank));
        return new(communicator, group);
    }

    /// <summary>Replaces a vector in device memory with its sum over the group.</summary>
    /// <param name="vector">The vector on the device.</param>
    /// <param name="count">Its elements.</param>
    /// <param name="type">Their type.</param>
    /// <param name="stream">The CUDA stream.</param>
    /// <exception cref="IOException">NCCL fails.</exception>
    public void AllReduceSum(nint vector, long count, DeviceType type, nint stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ObjectDisposedException.ThrowIf(_communicator == 0, this);
        ThrowOn(
            Nccl.ncclAllReduce(vector, vector, (nuint)count, (int)type, Nccl.Sum, _communicator, stream), nameof(Nccl.ncclAllReduce));
    }

    /// <summary>Gives every member the vector of one.</summary>
    /// <param name="vector">The vector on the device.</param>
    /// <param name="count">Its elements.</param>
    /// <param name="type">Their type.</param>
    /// <param name="root">The place of the member whose vector is sent.</param>
    /// <param name="stream">The CUDA stream.</param>
    /// <exception cref="IOException">NCCL fails.</exception>
    public void Broadcast(nint vector, long count, DeviceType type, int root, nint stream)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root, (uint)Group.Size, nameof(root));
        ObjectDisposedException.ThrowIf(_communicator == 0, this);
        ThrowOn(
            Nccl.ncclBroadcast(vector, vector, (nuint)count, (int)type, root, _communicator, stream), nameof(Nccl.ncclBroadcast));
    }

    /// <summary>Throws when work on a stream has failed.</summary>
    /// <exception cref="IOException">NCCL has failed.</exception>
    public void Check()
    {
        ObjectDisposedException.ThrowIf(_communicator == 0, this);
        ThrowOn(Nccl.ncclCommGetAsyncError(_communicator, out var result), nameof(Nccl.ncclCommGetAsyncError));
        ThrowOn(result, "NCCL");
    }

    /// <summary>Ends the work under way, so that streams that wait for a lost member come free.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _communicator, 0) is not 0 and var communicator)
            _ = Nccl.ncclCommAbort(communicator);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _communicator, 0) is not 0 and var communicator)
            _ = Nccl.ncclCommDestroy(communicator);
    }

    private static unsafe Nccl.UniqueId Identity(GroupChannel talk)
    {
        Nccl.UniqueId id = default;
        var bytes = new Span<byte>(id.Bytes, Nccl.UniqueId.Length);
        if (talk.Index > 0)
        {
            talk.Receive(0, bytes);
            return id;
        }

        ThrowOn(Nccl.ncclGetUniqueId(&id), nameof(Nccl.ncclGetUniqueId));
        for (var member = 1; member < talk.Size; member++)
            talk.Send(member, bytes);

        return id;
    }

    private static void ThrowOn(int result, string call)
    {
        if (result != 0)
            throw new IOException($"{call}: {Marshal.PtrToStringUTF8(Nccl.ncclGetErrorString(result)) ?? $"error {result}"}");
    }
}

/// <summary>The types of elements in device memory, by NCCL's numbers.</summary>
public enum DeviceType
{
    /// <summary>IEEE half precision.</summary>
    HalfPrecision = 6,

    /// <summary>IEEE single precision.</summary>
    SinglePrecision = 7,

    /// <summary>The upper half of single precision.</summary>
    BrainPrecision = 9,
}
