using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Features.Directories;

/// <summary>Writes the tables of a data directory as utterances arrive.</summary>
internal sealed class FeatureWriters : IDisposable
{
    private readonly TableWriter<FloatMatrix> _features;
    private readonly SortedDictionary<string, CmvnStatistics>? _speakers;
    private readonly FeatureDirectoryOptions _options;
    private bool _finished;

    /// <summary>Opens the tables.</summary>
    public FeatureWriters(FeatureDirectoryOptions options)
    {
        _options = options;
        _speakers = options.Cmvn ? new(StringComparer.Ordinal) : null;
        _features = KaldiTables.CompressedMatrix(options.Compression).Create(Table("feats"), options.Io);
    }

    /// <summary>Adds an utterance.</summary>
    public void Write(UtteranceCopy copy, FloatMatrix features)
    {
        _features.Write(copy.Id, features);
        if (_speakers is null)
            return;

        if (!_speakers.TryGetValue(copy.Speaker, out var sums))
            _speakers.Add(copy.Speaker, sums = new CmvnStatistics(features.Columns));

        sums.Accumulate(features);
    }

    /// <summary>Completes the tables; the features last, whose script marks the directory as complete.</summary>
    public void Finish()
    {
        if (_speakers is not null)
        {
            using var statistics = KaldiTables.DoubleMatrix.Create(Table("cmvn"), _options.Io);
            foreach (var (speaker, sums) in _speakers)
                statistics.Write(speaker, sums.ToMatrix());
        }

        _finished = true;
        _features.Dispose();
    }

    /// <summary>Removes all tables.</summary>
    public void Discard() => _features.Discard();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_finished)
            _features.Discard();

        _features.Dispose();
    }

    private string Table(string name) =>
        $"ark,scp:{Path.Combine(_options.Output, name + ".ark")},{Path.Combine(_options.Output, name + ".scp")}";
}
