using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Featbin;

/// <summary>Adds utterances to normalisation statistics, weighted where there are weights, and counts them.</summary>
internal sealed class CmvnAccumulator : IDisposable
{
    private readonly RandomAccessTable<float[]>? _weights;
    private readonly KaldiLog _log;

    public CmvnAccumulator(string weights, KaldiLog log, KaldiIoOptions io)
    {
        _weights = weights.Length == 0 ? null : KaldiTables.FloatVector.Open(weights, io);
        _log = log;
    }

    public int Done { get; private set; }

    public int Errors { get; private set; }

    /// <summary>Adds an utterance; the first makes the statistics.</summary>
    /// <returns>Whether it has the weights it needs.</returns>
    /// <exception cref="InputException">Its dimension is another, or a value is not finite.</exception>
    public bool Add(ref CmvnStatistics? sums, string utterance, FloatMatrix features)
    {
        try
        {
            sums ??= new CmvnStatistics(features.Columns);
            if (!TryGetWeights(utterance, features.Rows, out var weights))
            {
                Errors++;
                return false;
            }

            sums.Accumulate(features, weights);
            Done++;
            return true;
        }
        catch (InputException failure)
        {
            throw new InputException($"utterance '{utterance}': {failure.Message}", failure);
        }
    }

    /// <summary>Counts an utterance that has no features.</summary>
    public void Missing(string utterance)
    {
        _log.Warning($"Did not find features for utterance {utterance}");
        Errors++;
    }

    /// <inheritdoc/>
    public void Dispose() => _weights?.Dispose();

    private bool TryGetWeights(string utterance, int frames, out float[] weights)
    {
        weights = [];
        if (_weights is null)
            return true;

        if (!_weights.TryGet(utterance, out var found))
        {
            _log.Warning($"No weights available for utterance {utterance}");
            return false;
        }

        weights = found;
        if (found.Length == frames)
            return true;

        _log.Warning($"Weights for utterance {utterance} have wrong dimension {found.Length} vs. {frames}");
        return false;
    }
}
