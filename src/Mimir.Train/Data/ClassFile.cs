using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Mimir.Train.Data;

/// <summary>The classes of a set's frames in a file that is mapped into memory: two bytes a frame, four where classes are many.</summary>
/// <remarks>The file has no name from its beginning on, so it is gone with the process, however that ends.</remarks>
internal sealed class ClassFile : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int[] _firstFrames;
    private readonly long[] _places;
    private readonly bool _isWide;

    private ClassFile(MemoryMappedFile file, int[] firstFrames, long[] places, bool isWide, long[] counts)
    {
        (_file, _firstFrames, _places, _isWide, Counts) = (file, firstFrames, places, isWide, counts);
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
    }

    /// <summary>Gets the number of frames.</summary>
    public int Frames => _firstFrames[^1];

    /// <summary>Gets the frames of each class.</summary>
    public long[] Counts { get; }

    /// <summary>The class of a frame.</summary>
    /// <param name="frame">As the set numbers it.</param>
    public int ClassOf(int frame)
    {
        var utterance = UtteranceOrder.Of(_firstFrames, frame);
        var place = _places[utterance] + frame - _firstFrames[utterance];
        return _isWide ? _view.ReadInt32(4 * place) : _view.ReadUInt16(2 * place);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    /// <summary>Writes the classes of utterances, in any order.</summary>
    public sealed class Writer : IDisposable
    {
        private readonly FileStream _stream;
        private readonly long[] _counts;
        private readonly bool _isWide;
        private ushort[] _narrow = [];

        /// <summary>Begins a file.</summary>
        /// <param name="folder">Its folder, which is made.</param>
        /// <param name="classes">The number of classes.</param>
        public Writer(string folder, int classes)
        {
            (_counts, _isWide) = (new long[classes], classes > ushort.MaxValue + 1);
            Directory.CreateDirectory(folder);
            var path = Path.Combine(folder, $".classes-{Guid.NewGuid():N}.tmp");
            _stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, 1 << 16);
            File.Delete(path);
        }

        /// <summary>Appends the classes of an utterance.</summary>
        /// <param name="classes">The class of each of its frames.</param>
        /// <returns>Its place, for <see cref="Finish"/>.</returns>
        public long Add(ReadOnlySpan<int> classes)
        {
            foreach (var one in classes)
                _counts[one]++;

            var place = _stream.Position / (_isWide ? sizeof(int) : sizeof(ushort));
            if (_isWide)
            {
                _stream.Write(MemoryMarshal.AsBytes(classes));
                return place;
            }

            if (_narrow.Length < classes.Length)
                _narrow = new ushort[classes.Length];
            for (var i = 0; i < classes.Length; i++)
                _narrow[i] = (ushort)classes[i];
            _stream.Write(MemoryMarshal.AsBytes(_narrow.AsSpan(0, classes.Length)));
            return place;
        }

        /// <summary>Ends the file.</summary>
        /// <param name="firstFrames">The first frame of each utterance of the set, and at the end the number of frames.</param>
        /// <param name="places">The place of each utterance's classes.</param>
        public ClassFile Finish(int[] firstFrames, long[] places)
        {
            _stream.Flush();
            var file = MemoryMappedFile.CreateFromFile(
                _stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return new(file, firstFrames, places, _isWide, _counts);
        }

        /// <inheritdoc/>
        public void Dispose() => _stream.Dispose();
    }
}
