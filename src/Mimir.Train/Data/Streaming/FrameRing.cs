using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;

namespace Mimir.Train.Data.Streaming;

/// <summary>
/// The frames of a streamed set that are in use: a ring of utterances on the device, filled in the order of their use, and those that
/// are expected next, which are made on other cores.
/// </summary>
/// <remarks>
/// An utterance that is needed and not there is waited for, so the order of batches never depends on what is kept or expected.
/// </remarks>
internal sealed class FrameRing : ITrainingFrames
{
    private readonly StreamedSet _set;
    private readonly TimeProvider _time;
    private readonly Action<string> _say;
    private readonly Action<string>? _broken;
    private readonly int _aheadFrames;
    private readonly TaskScheduler _workers;
    private readonly Dictionary<int, Task<ReadOnlyMemory<float>>> _expected = [];
    private readonly Dictionary<int, int> _firstRows = [];
    private readonly List<(int Utterance, int First, int End)> _held = [];
    private readonly List<int> _batch = [];
    private int[] _rows = [];
    private int _expectedFrames;
    private int _head;
    private int _epoch = 1;

    /// <summary>Reserves the ring.</summary>
    /// <param name="set">The set.</param>
    /// <param name="device">The device of the network.</param>
    /// <param name="frames">The frames of the ring: several times what batches need at the same time.</param>
    /// <param name="aheadFrames">The frames that are made before they are needed, beside the ring.</param>
    /// <param name="threads">The threads that make frames, at least 1.</param>
    /// <param name="time">Measures waits.</param>
    /// <param name="say">Receives a line about the waits of an epoch.</param>
    /// <param name="broken">
    /// Receives a line about an utterance that cannot be read, whose frames are then NaN, so that the run sets it aside; null to throw.
    /// </param>
    public FrameRing(
        StreamedSet set, Device device, int frames, int aheadFrames, int threads, TimeProvider time, Action<string> say,
        Action<string>? broken = null)
    {
        _broken = broken;
        (_set, _aheadFrames, _time, _say) = (set, aheadFrames, time, say);
        _workers = new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler;
        Table = new FrameTable(device, frames, set.Dim);
    }

    /// <inheritdoc/>
    public FrameTable Table { get; }

    /// <summary>Gets the time for which batches have waited for their frames.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>True when more may be expected.</summary>
    public bool HasRoom => _expectedFrames < _aheadFrames;

    /// <summary>Begins an epoch, or another place in one: nothing is expected any more.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    public void Begin(int epoch)
    {
        foreach (var utterance in _expected.Keys.ToArray())
            Observe(Take(utterance));

        if (epoch != _epoch && !_set.IsSteady)
        {
            _held.Clear();
            _firstRows.Clear();
        }

        _epoch = epoch;
    }

    /// <summary>Begins to make the frames of a later batch.</summary>
    /// <param name="frames">Its frames, as the set numbers them.</param>
    public void Expect(ReadOnlySpan<int> frames)
    {
        CollectUtterances(frames);
        foreach (var utterance in _batch)
        {
            if (!_firstRows.ContainsKey(utterance) && !_expected.ContainsKey(utterance))
                Begin(utterance, _epoch);
        }
    }

    /// <inheritdoc/>
    public ReadOnlySpan<int> Place(ReadOnlySpan<int> frames)
    {
        Expect(frames);
        foreach (var utterance in _batch)
        {
            if (!_firstRows.ContainsKey(utterance))
                Write(utterance, Await(utterance));
        }

        if (_rows.Length < frames.Length)
            _rows = new int[frames.Length];
        var (begin, end, shift) = (0, 0, 0);
        for (var i = 0; i < frames.Length; i++)
        {
            // Frames of an utterance often follow each other.
            if (frames[i] < begin || frames[i] >= end)
            {
                var utterance = _set.UtteranceOf(frames[i]);
                begin = _set.FirstFrame(utterance);
                (end, shift) = (begin + _set.Lengths[utterance], _firstRows[utterance] - begin);
            }

            _rows[i] = frames[i] + shift;
        }

        return _rows.AsSpan(0, frames.Length);
    }

    /// <inheritdoc/>
    public IBatchDealer Follow(IBatchDealer dealer, Func<IBatchDealer>? scout) =>
        new ScoutedDealer(dealer, scout?.Invoke(), this, _time, _say);

    /// <inheritdoc/>
    public void Dispose()
    {
        Begin(_epoch);
        Table.Dispose();
        _set.Dispose();
    }

    // The utterances of a batch, each once.
    private void CollectUtterances(ReadOnlySpan<int> frames)
    {
        _batch.Clear();
        var (begin, end) = (0, 0);
        foreach (var frame in frames)
        {
            if (frame >= begin && frame < end)
                continue;

            var utterance = _set.UtteranceOf(frame);
            begin = _set.FirstFrame(utterance);
            end = begin + _set.Lengths[utterance];
            _batch.Add(utterance);
        }

        _batch.Sort();
        var count = 0;
        for (var i = 0; i < _batch.Count; i++)
        {
            if (i == 0 || _batch[i] != _batch[i - 1])
                _batch[count++] = _batch[i];
        }

        _batch.RemoveRange(count, _batch.Count - count);
    }

    private void Begin(int utterance, int epoch)
    {
        _expected.Add(utterance, Task.Factory.StartNew(
            () => _set.Make(utterance, epoch), CancellationToken.None, TaskCreationOptions.None, _workers));
        _expectedFrames += _set.Lengths[utterance];
    }

    private Task<ReadOnlyMemory<float>> Take(int utterance)
    {
        _expected.Remove(utterance, out var task);
        _expectedFrames -= _set.Lengths[utterance];
        return task ?? throw new InvalidOperationException($"utterance {utterance} is not expected");
    }

    private ReadOnlyMemory<float> Await(int utterance)
    {
        var task = Take(utterance);
        var began = task.IsCompleted ? (long?)null : _time.GetTimestamp();
        try
        {
            return task.GetAwaiter().GetResult();
        }
        catch (Exception error) when (_broken is not null && (error is InputException or IOException))
        {
            _broken(error.Message);
            var none = new float[_set.Lengths[utterance] * _set.Dim];
            Array.Fill(none, float.NaN);
            return none;
        }
        finally
        {
            Waited += began is { } since ? _time.GetElapsedTime(since) : default;
        }
    }

    // The failure of frames that nobody needs any more is of no interest.
    private static void Observe(Task<ReadOnlyMemory<float>> task) => ((IAsyncResult)task).AsyncWaitHandle.WaitOne();

    private void Write(int utterance, ReadOnlyMemory<float> frames)
    {
        var length = _set.Lengths[utterance];
        if (length > Table.Frames)
            throw new InvalidOperationException($"a ring of {Table.Frames} frames cannot take an utterance of {length}");

        for (var turns = 0; !TryMakeRoom(length);)
        {
            _head = 0;
            if (++turns > 1)
                throw new InvalidOperationException($"a ring of {Table.Frames} frames is too small for a batch");
        }

        Table.Write(_head, frames.Span);
        _firstRows[utterance] = _head;
        _held.Add((utterance, _head, _head + length));
        _head += length;
    }

    // Utterances of this batch keep their place: the ring goes on behind them.
    private bool TryMakeRoom(int length)
    {
        while (_head + length <= Table.Frames)
        {
            bool IsInTheWay((int Utterance, int First, int End) held) => held.First < _head + length && held.End > _head;
            var needed = _held.FindIndex(held => IsInTheWay(held) && _batch.BinarySearch(held.Utterance) >= 0);
            if (needed < 0)
            {
                _held.RemoveAll(held => IsInTheWay(held) && _firstRows.Remove(held.Utterance));
                return true;
            }

            _head = _held[needed].End;
        }

        return false;
    }
}
