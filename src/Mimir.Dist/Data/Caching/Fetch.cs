using System.Security.Cryptography;
using Mimir.Base;

namespace Mimir.Dist.Data.Caching;

/// <summary>Downloads one file of a source into the cache.</summary>
internal sealed class Fetch
{
    private const int MaximumVersions = 3;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly ICorpusSource _source;
    private readonly CacheFolder _folder;
    private readonly CacheOptions _options;
    private readonly CacheCounters _counters;
    private readonly string _path;
    private readonly string _checksum;
    private readonly string _name;
    private readonly byte[] _buffer = new byte[1 << 17];

    public Fetch(ICorpusSource source, CacheFolder folder, CacheOptions options, CacheCounters counters, string path, string checksum)
    {
        (_source, _folder, _options, _counters, _path, _checksum) = (source, folder, options, counters, path, checksum);
        _name = source.NameOf(path);
    }

    /// <summary>Returns the file, whole and pinned.</summary>
    public async Task<FileStream> RunAsync(CancellationToken cancellation)
    {
        var (seen, since) = (-1L, _options.Time.GetTimestamp());
        while (true)
        {
            if (_folder.Pin(_checksum) is { } pin)
                return pin;

            if (_folder.Begin(_checksum) is { } part)
            {
                await using (part.ConfigureAwait(false))
                {
                    await FillAsync(part, cancellation).ConfigureAwait(false);
                    return _folder.Finish(_checksum, part);
                }
            }

            // Another process fetches it; if it dies, its part is taken over.
            var length = new FileInfo(_folder.PartOf(_checksum)) is { Exists: true } file ? file.Length : 0;
            if (length != seen)
                (seen, since) = (length, _options.Time.GetTimestamp());
            else if (_options.Time.GetElapsedTime(since) > Patience)
            {
                throw new IOException(
                    $"{_name}: another process has fetched it into {_folder.PartOf(_checksum)} "
                    + $"without a byte more for {Patience.TotalSeconds:0} s; end it");
            }


            await Task.Delay(Poll, _options.Time, cancellation).ConfigureAwait(false);
        }
    }

    // The time of all tries of another process.
    private TimeSpan Patience => _options.Tries * (_options.Silence + _options.LongestPause);

    private async Task FillAsync(FileStream part, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var note = await ResumeAsync(part, hash, cancellation).ConfigureAwait(false);
        var seed = SplitMix64.Combine(_options.Seed, Convert.ToUInt64(_checksum[..16], 16));
        var pauses = new Backoff(_options.FirstPause, _options.LongestPause, seed);
        var (failures, versions) = (0, 1);
        while (true)
        {
            var before = part.Position;
            SourceException problem;
            try
            {
                using var content = await OpenAsync(part.Position, note?.Version, cancellation).ConfigureAwait(false);
                var fresh = new PartNote(_name, content.Version, content.Length);
                if (note is null || content.Offset != part.Position || content.Version != note.Version)
                {
                    if (note?.Version is not null && part.Position > 0 && ++versions > MaximumVersions)
                        throw Final("changes while it is fetched; let whoever writes it finish first");

                    Restart(part, hash);
                    before = 0;
                    if (content.Offset != 0)
                        throw Passing($"the server gave bytes from {content.Offset} on when it was asked for others");
                }

                _folder.Reserve(_checksum, fresh, _name);
                note = fresh;
                await CopyAsync(content, part, hash, cancellation).ConfigureAwait(false);
                if (Convert.ToHexStringLower(hash.GetHashAndReset()) is var sum && sum == _checksum)
                    return;

                Restart(part, hash);
                note = null;
                problem = new(
                    $"{_name}: its SHA-256 is {sum}, the manifest says {_checksum}; "
                    + "restore the file, or make the manifest anew if the change was meant",
                    passing: ++versions <= 2);
            }
            catch (SourceException error)
            {
                problem = error;
            }

            failures = part.Position > before ? 1 : failures + 1;
            if (!problem.Passing)
                throw problem;
            if (failures >= _options.Tries)
                throw new SourceException($"{problem.Message} (given up after {failures} tries)", passing: false, problem);

            var pause = pauses.After(failures);
            if (problem.Wait is { } asked && asked > pause)
                pause = asked < _options.LongestPause ? asked : _options.LongestPause;

            _counters.Retried();
            Log.FetchRetried(_options.Logger, problem.Message, pause.TotalSeconds, part.Position);
            await Task.Delay(pause, _options.Time, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Hashes the part of an earlier try, when it can be resumed.</summary>
    private async Task<PartNote?> ResumeAsync(FileStream part, IncrementalHash hash, CancellationToken cancellation)
    {
        var note = _folder.NoteOf(_checksum);
        if (note is null || note.Source != _name || note.Version is null || part.Length > note.Length)
        {
            Restart(part, hash);
            return null;
        }

        part.Seek(0, SeekOrigin.Begin);
        int count;
        while ((count = await part.ReadAsync(_buffer, cancellation).ConfigureAwait(false)) > 0)
            hash.AppendData(_buffer, 0, count);
        return note;
    }

    private async Task<SourceContent> OpenAsync(long offset, string? version, CancellationToken cancellation)
    {
        using var limit = new Limit(_options, cancellation);
        try
        {
            // Without a version nothing tells that the rest belongs to the part that is here.
            return await _source.OpenAsync(_path, version is null ? 0 : offset, version, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw Passing($"no answer for {_options.Silence.TotalSeconds:0.#} s; is the server overloaded?", error);
        }
    }

    private async Task CopyAsync(SourceContent content, FileStream part, IncrementalHash hash, CancellationToken cancellation)
    {
        while (part.Position < content.Length)
        {
            int count;
            try
            {
                using var limit = new Limit(_options, cancellation);
                count = await content.Stream.ReadAsync(_buffer, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
            {
                throw Passing($"no byte for {_options.Silence.TotalSeconds:0.#} s; is the server overloaded?", error);
            }
            catch (Exception error) when (error is IOException or HttpRequestException)
            {
                throw Broken(part.Position, content.Length, error);
            }

            if (count == 0)
                throw Broken(part.Position, content.Length, null);

            count = (int)Math.Min(count, content.Length - part.Position);
            hash.AppendData(_buffer, 0, count);
            part.Write(_buffer, 0, count);
            _counters.Fetched(count);
        }
    }

    private SourceException Broken(long position, long length, Exception? error) =>
        Passing($"the connection ended after {position} of {length} bytes; is the network sound?", error);

    private SourceException Passing(string what, Exception? error = null) => new($"{_name}: {what}", passing: true, error);

    private SourceException Final(string what) => new($"{_name}: {what}", passing: false);

    private static void Restart(FileStream part, IncrementalHash hash)
    {
        part.SetLength(0);
        part.Seek(0, SeekOrigin.Begin);
        _ = hash.GetHashAndReset();
    }

    /// <summary>A cancellation that comes also when a source is silent for too long.</summary>
    private sealed class Limit : IDisposable
    {
        private readonly CancellationTokenSource _clock;
        private readonly CancellationTokenSource _either;

        public Limit(CacheOptions options, CancellationToken cancellation)
        {
            _clock = new(options.Silence, options.Time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _clock.Token);
        }

        public CancellationToken Token => _either.Token;

        public void Dispose()
        {
            _either.Dispose();
            _clock.Dispose();
        }
    }
}
