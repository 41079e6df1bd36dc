using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Mimir.Base;
using Mimir.Dist.Data;
using Mimir.Dist.Data.Caching;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Remote;

/// <summary>A remote corpus, whose files a run finds on this machine under their own names.</summary>
/// <remarks>
/// What a set needs as a whole (lists, alignments, targets) is fetched at once and stays until the end; audio and
/// archives of features are fetched some ahead of their use and may be thrown out after it.
/// </remarks>
public sealed class RemoteCorpus : IDisposable
{
    // The time that the cache may be full of files that other threads and processes read.
    private static readonly TimeSpan RoomPatience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellation;
    private readonly ICorpusSource _source;
    private readonly CorpusCache _cache;
    private readonly LinkFolder _links;
    private readonly StallMeter _stalls;
    private readonly List<IDisposable> _kept = [];

    private RemoteCorpus(ICorpusSource source, CorpusCache cache, string place, TimeProvider time, CancellationToken cancellation)
    {
        (_source, _cache, _time, _cancellation) = (source, cache, time, cancellation);
        _stalls = new(time);
        _links = new(place, Acquire);
    }

    /// <summary>Gets the traffic until now.</summary>
    public CacheCounters Counters => _cache.Counters;

    /// <summary>Gets the time that threads have waited for files, all together.</summary>
    public TimeSpan Waited => _stalls.Stalled;

    /// <summary>Opens the corpus of a recipe.</summary>
    /// <param name="recipe">The place of the corpus and the cache.</param>
    /// <param name="place">A folder of the run for links to its files.</param>
    /// <param name="worker">This worker, from 0.</param>
    /// <param name="logger">Receives a message of each failed try and each file that is removed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends every wait.</param>
    /// <returns>The corpus, or null when that of the recipe lies on this machine.</returns>
    /// <exception cref="InputException">The manifest is none, or the cache cannot be as the recipe has it.</exception>
    /// <exception cref="IOException">The manifest cannot be had.</exception>
    public static RemoteCorpus? Open(
        CorpusRecipe recipe, string place, int worker, ILogger logger, TimeProvider time, CancellationToken cancellation)
    {
        if (recipe.Source is not { } where)
            return null;

        if (CacheCheck.Problem(recipe.Cache) is var (key, problem))
            throw new InputException($"'{key}': {problem}");

        var source = CorpusCache.SourceOf(where);
        try
        {
            var options = CacheCheck.Options(recipe.Cache) with { Seed = (ulong)worker, Logger = logger, Time = time };
            var cache = CorpusCache.OpenAsync(source, options, stalls: null, cancellation).GetAwaiter().GetResult();
            return new(source, cache, place, time, cancellation);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Fetches the files that sets need as a whole, and makes the recipe name them on this machine.</summary>
    /// <param name="loaded">The recipe.</param>
    /// <param name="sets">The names of the sets that will be loaded; the others stay as they are.</param>
    /// <exception cref="InputException">The corpus has no such file; the message has a line for each.</exception>
    /// <exception cref="IOException">A file cannot be fetched.</exception>
    public LoadedRecipe Localise(LoadedRecipe loaded, IReadOnlyCollection<string> sets)
    {
        var findings = RemoteCheck.Missing(loaded, sets, _cache.Manifest);
        if (findings.Count > 0)
            throw new InputException(string.Join('\n', findings));

        var paths = new RemotePaths(_cache.Manifest.Files);
        var corpus = loaded.Recipe.Corpus;
        string[] needed = [.. sets.Select(corpus.Find).OfType<CorpusSet>().SelectMany(paths.Of).Select(file => file.Path).Distinct()];
        _cache.Prefetch(needed);
        foreach (var path in needed)
            _kept.Add(_links.Acquire(path));

        CorpusSet? Of(string name, CorpusSet? set) => set is not null && sets.Contains(name) ? Localise(set) : set;
        return loaded with
        {
            Recipe = loaded.Recipe with
            {
                Corpus = corpus with
                {
                    Train = Of("train", corpus.Train),
                    Cv = Of("cv", corpus.Cv),
                    Dev = Of("dev", corpus.Dev),
                    Test = Of("test", corpus.Test),
                    Tests = corpus.Tests.ToDictionary(set => set.Key, set => Of(set.Key, set.Value) ?? set.Value),
                },
            },
        };
    }

    /// <summary>Holds audio on this machine while it is read, and prefetches what follows.</summary>
    /// <param name="audio">The extended file names, in the order in which they will be held.</param>
    internal OrderedPrefetch Prefetch(IEnumerable<string> audio) => new(_cache, _links, audio);

    /// <summary>Reads matrices of a table: each archive that a script names is on this machine while it is read.</summary>
    /// <param name="table">The table, as <see cref="Localise(LoadedRecipe, IReadOnlyCollection{string})"/> names it.</param>
    /// <param name="wanted">The keys to read; of one that comes twice the first counts.</param>
    internal IEnumerable<KeyValuePair<string, FloatMatrix>> Matrices(string table, IReadOnlySet<string> wanted)
    {
        var target = Rspecifier.Parse(table).Target;
        var head = table[..(table.IndexOf(':', StringComparison.Ordinal) + 1)];
        if (!RemotePaths.IsScript(table))
        {
            using var files = Prefetch([target]);
            using var held = files.Hold(target);
            foreach (var pair in KaldiTables.Matrix.Read(table).Where(pair => wanted.Contains(pair.Key)).DistinctBy(pair => pair.Key))
                yield return pair;
            yield break;
        }

        // An archive is fetched once, whatever the order of the script.
        var archives = ScriptFile.Read(target).Where(entry => wanted.Contains(entry.Key)).DistinctBy(entry => entry.Key)
            .GroupBy(entry => AbsoluteTarget(entry.Rxfilename)).ToList();
        using var ahead = Prefetch(archives.Select(archive => archive.Key));
        foreach (var archive in archives)
        {
            using var held = ahead.Hold(archive.Key);
            var part = target + LinkFolder.PartSuffix;
            File.WriteAllLines(part, archive.Select(entry => $"{entry.Key} {Absolute(entry.Rxfilename)}"));
            foreach (var pair in KaldiTables.Matrix.Read(head + part))
                yield return pair;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _kept.ForEach(file => file.Dispose());
        _kept.Clear();
        _cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _source.Dispose();
        _links.Remove();
    }

    private CorpusSet Localise(CorpusSet set) => set with
    {
        Dir = At(set.Dir),
        Root = At(set.Root),
        Alignments = set.Alignments is { } alignments && Rspecifier.IsTable(alignments) ? FetchWhole(alignments) : At(set.Alignments),
        Targets = FetchWhole(set.Targets),
        FrameWeights = FetchWhole(set.FrameWeights),
        UtteranceWeights = FetchWhole(set.UtteranceWeights),
        TransitionModel = At(set.TransitionModel),
        Utterances = At(set.Utterances),
        Features = set.Features is { } features ? AbsoluteTable(features) : null,
        Cmvn = FetchWhole(set.Cmvn),
        Reference = At(set.Reference),
    };

    [return: NotNullIfNotNull(nameof(path))]
    private string? At(string? path) => path is not null && RemotePaths.Normal(path) is { } inside ? _links.At(inside) : path;

    private string AbsoluteTable(string table)
    {
        var target = Rspecifier.Parse(table).Target;
        return Rxfilename.Parse(target).Kind == RxKind.File
            ? table[..(table.IndexOf(':', StringComparison.Ordinal) + 1)] + Absolute(target)
            : table;
    }

    /// <summary>Fetches a table with all that it names; of a script it makes a copy with absolute names.</summary>
    private string? FetchWhole(string? table)
    {
        if (table is null)
            return null;

        var here = AbsoluteTable(table);
        if (!RemotePaths.IsScript(here) || _links.PathOf(Rspecifier.Parse(here).Target) is not { } script)
            return here;

        var entries = ScriptFile.Read(_links.At(script));
        foreach (var archive in entries.Select(entry => AbsoluteTarget(entry.Rxfilename)).Distinct())
        {
            if (_links.PathOf(archive) is { } path)
                _kept.Add(_links.Acquire(path));
        }

        var copy = _links.At(script) + LinkFolder.HereSuffix;
        File.WriteAllLines(copy, entries.Select(entry => $"{entry.Key} {Absolute(entry.Rxfilename)}"));
        return table[..(table.IndexOf(':', StringComparison.Ordinal) + 1)] + copy;
    }

    // Offset and range stay behind the name.
    private string Absolute(string rxfilename) =>
        Rxfilename.Parse(rxfilename) is { Kind: RxKind.File } && RemotePaths.Normal(rxfilename) is { } inside
            ? _links.At(inside)
            : rxfilename;

    private string AbsoluteTarget(string rxfilename) => Rxfilename.Parse(Absolute(rxfilename)).Target;

    private CachedFile Acquire(string path)
    {
        using var wait = _stalls.Measure();
        var began = _time.GetTimestamp();
        while (true)
        {
            try
            {
                return _cache.Acquire(path, _cancellation);
            }
            catch (CacheFullException error) when (error.Passing && _time.GetElapsedTime(began) < RoomPatience)
            {
                _cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20));
                _cancellation.ThrowIfCancellationRequested();
            }
        }
    }
}
