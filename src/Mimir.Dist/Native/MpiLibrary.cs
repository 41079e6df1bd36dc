using System.Runtime.InteropServices;
using System.Text;

namespace Mimir.Dist.Native;

/// <summary>The differences between the MPI libraries: values of constants and the layout of a status.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>Any tag; the same in all libraries.</summary>
    public const int AnyTag = -1;

    private const int Serialized = 2;
    private const int LongestError = 8192;
    private readonly int _source;

    private MpiLibrary(bool openMpi, nint library)
    {
        IsOpenMpi = openMpi;
        if (openMpi)
        {
            World = NativeLibrary.GetExport(library, "ompi_mpi_comm_world");
            Byte = NativeLibrary.GetExport(library, "ompi_mpi_byte");
            ErrorsReturn = NativeLibrary.GetExport(library, "ompi_mpi_errors_return");
            AnySource = -1;
            _source = 0;
        }
        else
        {
            World = 0x44000000;
            Byte = 0x4c00010d;
            ErrorsReturn = 0x54000001;
            AnySource = -2;
            _source = 2;
        }
    }

    public bool IsOpenMpi { get; }

    public nint World { get; }

    public nint Byte { get; }

    public int AnySource { get; }

    private nint ErrorsReturn { get; }

    /// <summary>Loads a library and starts it, unless the program has done so itself.</summary>
    /// <param name="names">The libraries to try.</param>
    /// <param name="started">True when it was started here, and so is to be ended here.</param>
    /// <exception cref="IOException">There is none, or it cannot be used by threads.</exception>
    public static MpiLibrary Start(IReadOnlyList<string> names, out bool started)
    {
        var handle = InstalledLibrary.Load(InstalledLibrary.Mpi, names);
        if (handle == 0)
            throw new IOException($"no MPI library was found (looked for {string.Join(", ", names)}); install openmpi-bin or mpich");

        var library = new MpiLibrary(NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _), handle);
        Check(Mpi.MPI_Initialized(out var running), nameof(Mpi.MPI_Initialized));
        started = running == 0;
        if (started)
        {
            Check(Mpi.MPI_Init_thread(0, 0, Serialized, out var provided), nameof(Mpi.MPI_Init_thread));
            if (provided < Serialized)
                throw new IOException("the MPI library is built without threads; install one that offers MPI_THREAD_SERIALIZED");
        }

        return library;
    }

    /// <summary>A communicator of this program's own, with errors as return codes.</summary>
    public nint OwnCommunicator()
    {
        Check(Mpi.MPI_Comm_dup(World, out var own), nameof(Mpi.MPI_Comm_dup));
        Check(Mpi.MPI_Comm_set_errhandler(own, ErrorsReturn), nameof(Mpi.MPI_Comm_set_errhandler));
        return own;
    }

    /// <summary>The sender of a message that was probed.</summary>
    public int Source(int* status) => status[_source];

    /// <summary>The tag of a message that was probed.</summary>
    public int Tag(int* status) => status[_source + 1];

    /// <summary>Throws when a call has failed.</summary>
    public static void Check(int code, string call)
    {
        if (code == 0)
            return;

        var text = stackalloc byte[LongestError];
        var message = Mpi.MPI_Error_string(code, text, out var length) == 0 ? Encoding.UTF8.GetString(text, length) : $"error {code}";
        throw new IOException($"{call}: {message}");
    }
}
