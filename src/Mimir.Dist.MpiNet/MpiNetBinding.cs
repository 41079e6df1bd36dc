using System.Text;
using Mimir.Dist.Transports.Mpi;

namespace Mimir.Dist.MpiNet;

/// <summary>MPI through the package MPI.NET.</summary>
internal sealed class MpiNetBinding : IMpiBinding
{
    private const int LongestError = 8192;

    private readonly MPI.Environment? _environment;
    private readonly int _communicator;

    public MpiNetBinding()
    {
        if (!MPI.Environment.Initialized)
        {
            string[] arguments = [];
            _environment = new(ref arguments, MPI.Threading.Serialized);
            if (MPI.Environment.Threading < MPI.Threading.Serialized)
                throw new IOException("the MPI library is built without threads; install one that offers MPI_THREAD_SERIALIZED");
        }

        (Rank, Size) = (MPI.Communicator.world.Rank, MPI.Communicator.world.Size);
        Check(MPI.Unsafe.MPI_Comm_dup(MPI.Unsafe.MPI_COMM_WORLD, out _communicator), nameof(MPI.Unsafe.MPI_Comm_dup));
    }

    public string Library => "MPI.NET";

    public int Rank { get; }

    public int Size { get; }

    public nint Send(int peer, int tag, nint buffer, int length)
    {
        Check(
            MPI.Unsafe.MPI_Isend(buffer, length, MPI.Unsafe.MPI_BYTE, peer, tag, _communicator, out var request),
            nameof(MPI.Unsafe.MPI_Isend));
        return request;
    }

    public bool Probe(out int peer, out int tag, out int length)
    {
        Check(
            MPI.Unsafe.MPI_Iprobe(MPI.Unsafe.MPI_ANY_SOURCE, MPI.Unsafe.MPI_ANY_TAG, _communicator, out var found, out var status),
            nameof(MPI.Unsafe.MPI_Iprobe));
        (peer, tag, length) = (status.MPI_SOURCE, status.MPI_TAG, 0);
        if (found != 0)
            Check(MPI.Unsafe.MPI_Get_count(ref status, MPI.Unsafe.MPI_BYTE, out length), nameof(MPI.Unsafe.MPI_Get_count));

        return found != 0;
    }

    public nint Receive(int peer, int tag, nint buffer, int length)
    {
        Check(
            MPI.Unsafe.MPI_Irecv(buffer, length, MPI.Unsafe.MPI_BYTE, peer, tag, _communicator, out var request),
            nameof(MPI.Unsafe.MPI_Irecv));
        return request;
    }

    public bool Test(ref nint operation)
    {
        var request = (int)operation;
        Check(MPI.Unsafe.MPI_Test(ref request, out var done, out _), nameof(MPI.Unsafe.MPI_Test));
        operation = request;
        return done != 0;
    }

    public void Dispose() => _environment?.Dispose();

    private static void Check(int code, string call)
    {
        if (code == 0)
            return;

        var text = new byte[LongestError];
        var length = text.Length;
        var message = MPI.Unsafe.MPI_Error_string(code, text, ref length) == 0
            ? Encoding.UTF8.GetString(text, 0, length)
            : $"error {code}";
        throw new IOException($"{call}: {message}");
    }
}
