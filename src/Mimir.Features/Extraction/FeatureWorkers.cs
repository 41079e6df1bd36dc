using Mimir.Features.Audio;
using Mimir.Features.Tables;

namespace Mimir.Features.Extraction;

/// <summary>Extracts the features of many utterances on all cores.</summary>
public sealed class FeatureWorkers
{
    private readonly IFeatureExtractor _extractor;
    private readonly ulong _seed;
    private readonly int _workers;
    private readonly KaldiIoOptions? _io;

    /// <summary>Creates the workers.</summary>
    /// <param name="extractor">The kind of feature.</param>
    /// <param name="seed">With the utterance's id, it gives the noise of dither.</param>
    /// <param name="workers">How many threads; 0 means one for each core.</param>
    /// <param name="io">What extended file names may reach; null means files only.</param>
    public FeatureWorkers(IFeatureExtractor extractor, ulong seed = 0, int workers = 0, KaldiIoOptions? io = null)
    {
        _extractor = extractor;
        _seed = seed;
        _workers = workers;
        _io = io;
    }

    /// <summary>Extracts features; a bounded number of utterances is in memory at a time.</summary>
    /// <param name="requests">The utterances.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>A result for each utterance, in their order; one that fails does not stop the others.</returns>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public IEnumerable<FeatureResult> Extract(
        IEnumerable<FeatureRequest> requests, CancellationToken cancellationToken = default) =>
        OrderedParallel.Select(requests, Extract, _workers, cancellationToken);

    private FeatureResult Extract(FeatureRequest request)
    {
        try
        {
            var clip = AudioInput.Read(request.Audio, request.Start, request.End, _io);
            if (request.Channel >= clip.Channels)
                throw new FormatException(
                    $"expected channel {request.Channel}, the audio has {clip.Channels}, counted from 0.");

            var seed = FeatureExtraction.DitherSeed(_seed, request.Utterance);
            return new FeatureResult(
                request.Utterance, _extractor.Compute(clip, request.Channel, request.VtlnWarp, seed), Failure: null);
        }
        catch (Exception failure) when (failure is FormatException or IOException or ArgumentException)
        {
            return new FeatureResult(
                request.Utterance, Features: null, $"utterance '{request.Utterance}' ({request.Audio}): {failure.Message}");
        }
    }
}
