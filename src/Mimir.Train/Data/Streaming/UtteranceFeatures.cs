using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Train.Data.Streaming;

/// <summary>Reads the plain features of single utterances where they are; any thread may call.</summary>
internal interface IUtteranceFeatures
{
    /// <summary>Counts the frames of an utterance, if possible without reading them.</summary>
    /// <returns>The frames, or the reason why there are none.</returns>
    (int Frames, Drop? Drop) Count(Utterance utterance);

    /// <summary>Reads the features of an utterance, <c>[T, D]</c>.</summary>
    /// <exception cref="InputException">They are damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    FloatMatrix Read(Utterance utterance);
}

/// <summary>Features that a script names, in archives or files of their own.</summary>
internal sealed class ScriptFeatures : IUtteranceFeatures
{
    private readonly string _script;
    private readonly Dictionary<string, ScriptEntry> _entries;
    private readonly Dictionary<string, int> _lengths = [];

    /// <summary>Reads a script.</summary>
    /// <param name="table">The rspecifier.</param>
    /// <param name="lengths">A file <c>utt2num_frames</c>, which saves a look at each matrix; it need not exist.</param>
    /// <exception cref="InputException">It is an archive, which cannot be read at any place, or damaged.</exception>
    /// <exception cref="IOException">The script is missing.</exception>
    public ScriptFeatures(string table, string lengths)
    {
        var specifier = Rspecifier.Parse(table);
        if (!specifier.IsScript)
        {
            throw new InputException(
                $"train.store: expected features of a script to stream (scp:FILE), got {table}; write one beside the archive "
                + "(mimir kaldi copy-feats), or use store: memory.");
        }

        _script = specifier.Target;
        _entries = ScriptFile.Read(_script).DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key);
        if (File.Exists(lengths))
            _lengths = KaldiTables.IntScalar.Read($"ark:{lengths}").ToDictionary(entry => entry.Key, entry => entry.Value);
    }

    /// <inheritdoc/>
    public (int Frames, Drop? Drop) Count(Utterance utterance)
    {
        if (!_entries.TryGetValue(utterance.Id, out var entry))
            return (0, new(utterance.Id, DropReason.NoFeatures, $"not in scp:{_script}"));

        var frames = _lengths.TryGetValue(utterance.Id, out var known) ? known : At(entry, KaldiTables.MatrixSize).Rows;
        return (frames, frames > 0 ? null : new(utterance.Id, DropReason.TooShort, "no frame fits into it"));
    }

    /// <inheritdoc/>
    public FloatMatrix Read(Utterance utterance) => At(_entries[utterance.Id], KaldiTables.Matrix);

    private T At<T>(ScriptEntry entry, Table<T> kind)
    {
        try
        {
            return kind.ReadOne(entry.Rxfilename);
        }
        catch (Exception failure) when (failure is InputException or IOException)
        {
            throw entry.Failure(_script, failure);
        }
    }
}

/// <summary>Features that are computed from audio.</summary>
/// <param name="workers">The extractor.</param>
internal sealed class AudioFeatures(FeatureWorkers workers) : IUtteranceFeatures
{
    /// <inheritdoc/>
    public (int Frames, Drop? Drop) Count(Utterance utterance)
    {
        try
        {
            var frames = workers.CountFrames(FeatureRequest.Of(utterance));
            return (frames, frames > 0 ? null : new(utterance.Id, DropReason.TooShort, "no frame fits into it"));
        }
        catch (Exception failure) when (failure is InputException or IOException)
        {
            return (0, new(utterance.Id, DropReason.BadAudio, failure.Message));
        }
    }

    /// <inheritdoc/>
    public FloatMatrix Read(Utterance utterance) => workers.Extract(FeatureRequest.Of(utterance)).Require();
}
