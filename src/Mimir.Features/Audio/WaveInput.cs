using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Audio;

/// <summary>The bytes of a WAV in their order: of a file, a pipe or an archive.</summary>
internal abstract class WaveInput
{
    /// <summary>Gets the number of bytes that are left, with what follows the WAV; null where only the end tells.</summary>
    public abstract long? Remaining { get; }

    /// <summary>Fills a target; fewer bytes than it holds are read at the end only.</summary>
    /// <returns>The number of bytes.</returns>
    public abstract int Read(Span<byte> target);

    /// <summary>Makes an exception that names the source.</summary>
    public abstract InputException Error(string message);

    /// <summary>Goes on by some bytes, as far as there are any.</summary>
    public virtual void Skip(long count)
    {
        // In small steps, so that a wrong length costs no memory.
        var scratch = new byte[Math.Min(count, 1 << 16)];
        for (var left = count; left > 0; left -= scratch.Length)
        {
            if (Read(scratch.AsSpan(0, (int)Math.Min(left, scratch.Length))) < Math.Min(left, scratch.Length))
                return;
        }
    }

    /// <summary>A stream of one audio file.</summary>
    /// <param name="stream">The bytes; it stays open.</param>
    /// <param name="name">The name in error messages.</param>
    internal sealed class OfStream(Stream stream, string name) : WaveInput
    {
        public override long? Remaining => stream.CanSeek ? stream.Length - stream.Position : null;

        public override int Read(Span<byte> target) => stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);

        public override InputException Error(string message) => new($"{name}: {message}");

        public override void Skip(long count)
        {
            if (stream.CanSeek)
                stream.Seek(Math.Min(count, stream.Length - stream.Position), SeekOrigin.Current);
            else
                base.Skip(count);
        }
    }

    /// <summary>The place of a reader in an archive or a pipe.</summary>
    /// <param name="reader">The bytes; it stays open.</param>
    internal sealed class OfReader(KaldiReader reader) : WaveInput
    {
        public override long? Remaining => reader.Remaining;

        public override int Read(Span<byte> target) => reader.ReadAtMost(target);

        public override InputException Error(string message) => reader.Error(message);
    }
}
