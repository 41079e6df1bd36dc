using System.Globalization;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Mimir.Dist.Native;
using Mimir.Dist.Transports;

namespace Mimir.Dist.Collectives;

/// <summary>Memory that several processes of a machine share: a counter and some slots for each member.</summary>
/// <remarks>
/// It is a file in a folder that lies in memory. The file loses its name as soon as all members have it, so nothing
/// stays behind however they end; a name that a crash in between left is removed by the user's next one. The name has the user
/// and the job, so that nobody else's files are in the way.
/// </remarks>
internal sealed unsafe class SharedRegion : IDisposable
{
    private const int LineBytes = 128;
    private const string Prefix = "mimir-";

    private readonly SafeMemoryMappedViewHandle _handle;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly int _members;
    private readonly int _slots;
    private readonly int _slotFloats;

    private SharedRegion(MemoryMappedFile file, int members, int slots, int slotFloats)
    {
        (_members, _slots, _slotFloats) = (members, slots, slotFloats);
        _file = file;
        _view = file.CreateViewAccessor(0, Bytes(members, slots, slotFloats));
        _handle = _view.SafeMemoryMappedViewHandle;
        byte* start = null;
        _handle.AcquirePointer(ref start);
        _start = start + _view.PointerOffset;
    }

    /// <summary>Creates the memory.</summary>
    /// <exception cref="IOException">The folder cannot be written or has no room.</exception>
    public static (SharedRegion Region, string Path) Create(string folder, string job, int members, int slots, int slotFloats)
    {
        RemoveStale(folder);
        var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"{OfUser()}{process}-{job}-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite | FileShare.Delete,
            PreallocationSize = Bytes(members, slots, slotFloats),
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        return (Map(new(path, options), members, slots, slotFloats), path);
    }

    /// <summary>Opens the memory that another member has made.</summary>
    /// <exception cref="IOException">It is not there.</exception>
    public static SharedRegion Open(string path, int members, int slots, int slotFloats) =>
        Map(new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), members, slots, slotFloats);

    /// <summary>A member's counter; each lies on a line of its own.</summary>
    public SharedCounter Counter(int member) => new((int*)(_start + (member * LineBytes)));

    /// <summary>The decisions of the first member.</summary>
    public Span<int> Decisions() => new(_start + (_members * LineBytes), StoreTrials.Decisions);

    /// <summary>One of a member's slots.</summary>
    public Span<float> Slot(int member, int which) =>
        new(_start + HeadBytes(_members) + (4L * _slotFloats * ((member * _slots) + which)), _slotFloats);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle.IsClosed)
            return;

        _handle.ReleasePointer();
        _handle.Dispose();
        _view.Dispose();
        _file.Dispose();
    }

    private static SharedRegion Map(FileStream stream, int members, int slots, int slotFloats)
    {
        var bytes = Bytes(members, slots, slotFloats);
        var file = MemoryMappedFile.CreateFromFile(
            stream, null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        return new(file, members, slots, slotFloats);
    }

    private static long HeadBytes(int members) => ((members * LineBytes) + (sizeof(int) * StoreTrials.Decisions) + 4095L) / 4096 * 4096;

    private static long Bytes(int members, int slots, int slotFloats) => HeadBytes(members) + (4L * members * slots * slotFloats);

    private static void RemoveStale(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, OfUser() + "*"))
        {
            var owner = Path.GetFileName(path)[OfUser().Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}") && File.GetLastWriteTimeUtc(path) < DateTime.UtcNow.AddMinutes(-1))
                TryRemove(path);
        }
    }

    // What another user has put there under such a name stays.
    private static void TryRemove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return;
        }
    }

    private static string OfUser() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{User.Id()}-");
}

/// <summary>The slots through which blocks pass, and the progress of each member.</summary>
/// <param name="channel">The group.</param>
/// <param name="options">The number of slots.</param>
/// <param name="region">Their memory.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class SharedSlots(GroupChannel channel, SharedMemoryOptions options, SharedRegion region, TimeProvider time) : IDisposable
{
    private const int FewestSpins = 50;

    private readonly int _mostSpins = options.Spins ?? (channel.Size <= Environment.ProcessorCount ? 1600 : 0);
    private readonly int[] _seen = new int[channel.Size];
    private int _spins = options.Spins ?? FewestSpins;
    private bool _awake = true;

    /// <summary>Gets the shared decisions.</summary>
    public Span<int> Decisions => region.Decisions();

    /// <summary>The slot of a member for a turn.</summary>
    public Span<float> Slot(int member, int turn) => region.Slot(member, (int)((uint)turn % (uint)options.Slots));

    /// <summary>Publishes that this member has done all turns before one. Sleepers are woken by <see cref="Wake"/>.</summary>
    public void Publish(int turn)
    {
        region.Counter(channel.Index).Set(turn);
        _awake = false;
    }

    /// <summary>Wakes those that sleep until what this member has published; due before it waits or returns.</summary>
    public void Wake()
    {
        if (!_awake)
            region.Counter(channel.Index).Wake();

        _awake = true;
    }

    /// <summary>Waits for the own slot: nobody reads any more what was in it.</summary>
    public void AwaitSlot(int turn) => AwaitAll(turn - options.Slots + (2 * SharedMemoryCollective.Lag) + 1);

    /// <summary>Waits until all have done all turns before one.</summary>
    public void AwaitAll(int turn)
    {
        for (var member = 0; member < channel.Size; member++)
            Await(member, turn);
    }

    /// <summary>Waits until another member has done all turns before one.</summary>
    /// <exception cref="PeerLostException">A member is lost.</exception>
    /// <exception cref="TimeoutException">It took too long.</exception>
    public void Await(int member, int turn)
    {
        if (member == channel.Index || _seen[member] - turn >= 0)
            return;

        var counter = region.Counter(member);
        if (!counter.Reached(turn))
        {
            Wake();
            Wait(member, counter, turn);
        }

        _seen[member] = counter.Value;
    }

    /// <inheritdoc/>
    public void Dispose() => region.Dispose();

    private void Wait(int member, SharedCounter counter, int value)
    {
        var spins = Math.Min(_spins, _mostSpins);
        for (var spin = 0; spin < spins; spin++)
        {
            if (counter.Reached(value))
            {
                _spins = Math.Min(2 * _spins, _mostSpins);
                return;
            }

            Thread.SpinWait(1);
        }

        if (counter.Reached(value))
            return;

        // Spinning in vain costs most where the other waits for this very core.
        _spins = Math.Max(_spins / 2, FewestSpins);
        var clock = new Deadline(time, channel.Transport.Timeout);
        while (!counter.Reached(value))
        {
            counter.Sleep(value);
            try
            {
                channel.Transport.Check(channel.Group.Members[member], channel.Group);
            }
            catch (PeerLostException) when (counter.Reached(value))
            {
                return;
            }

            if (clock.Left <= TimeSpan.Zero && !counter.Reached(value))
            {
                throw new TimeoutException(
                    $"worker {channel.Group.Members[channel.Index]} waited {channel.Transport.Timeout.TotalSeconds:0.#} s in shared memory "
                    + $"for worker {channel.Group.Members[member]}");
            }
        }
    }
}

/// <summary>A rising number in shared memory that one process writes and others wait for.</summary>
/// <param name="word">The number, followed by the number of sleepers.</param>
internal readonly unsafe struct SharedCounter(int* word)
{
    // The longest sleep without a check that the job is still whole.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Gets the number.</summary>
    public int Value => Volatile.Read(ref *word);

    /// <summary>True when the number has come to a value; it may wrap around.</summary>
    public bool Reached(int value) => Value - value >= 0;

    /// <summary>Sets the number.</summary>
    public void Set(int value) => Volatile.Write(ref *word, value);

    /// <summary>Wakes the sleepers.</summary>
    public void Wake()
    {
        // A sleeper counts itself before it looks at the number: one of both sides sees the other.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref word[1]) != 0)
            Futex.WakeAll(word);
    }

    /// <summary>Sleeps a while, or until the number changes.</summary>
    public void Sleep(int value)
    {
        Interlocked.Increment(ref word[1]);
        var seen = Value;
        if (seen - value < 0)
            Futex.Sleep(word, seen, PollInterval);

        Interlocked.Decrement(ref word[1]);
    }
}
