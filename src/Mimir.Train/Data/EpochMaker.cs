using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Kaldi.Matrices;
using Mimir.Train.Data.Remote;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>
/// Makes the training frames of an epoch: waves changed and extracted anew where the recipe changes waves, masks, deltas. The
/// frames are a function of the recipe and the epoch.
/// </summary>
internal sealed class EpochMaker
{
    private readonly Recipe _recipe;
    private readonly FrameCorpus _clean;
    private readonly SpeakerNormalisation _normalisation;
    private readonly Utterance[] _utterances;
    private readonly SpecAugment? _masks;
    private readonly WaveAugmenter? _waves;
    private readonly IFeatureExtractor? _extractor;
    private readonly TimeProvider _time;
    private readonly RemoteCorpus? _remote;

    /// <summary>Prepares to make epochs.</summary>
    /// <param name="recipe">The run's recipe, with <see cref="Recipe.Augment"/>.</param>
    /// <param name="augment">The kinds of augmentation.</param>
    /// <param name="set">The training set.</param>
    /// <param name="clean">Its frames without any change.</param>
    /// <param name="normalisation">The normalisation, which has seen the training set.</param>
    /// <param name="time">Measures the work.</param>
    /// <param name="remote">The remote corpus; null for files of this machine.</param>
    public EpochMaker(
        Recipe recipe,
        AugmentRecipe augment,
        CorpusSet set,
        FrameCorpus clean,
        SpeakerNormalisation normalisation,
        TimeProvider time,
        RemoteCorpus? remote = null)
    {
        (_recipe, _clean, _normalisation, _time, _remote) = (recipe, clean, normalisation, time, remote);
        _masks = augment.SpecAugment is { } masks ? new SpecAugment(masks, recipe.Seed) : null;
        _utterances = [];
        if (!augment.ChangesWaves)
            return;

        var byId = SetLoader.UtterancesOf(set).ToDictionary(utterance => utterance.Id);
        _utterances = [.. clean.Utterances.Select(id => byId[id])];
        _waves = new WaveAugmenter(augment.WaveOptions(), recipe.Seed);
        _extractor = FeatureSource.OptionsOf(recipe.Features).CreateExtractor();
    }

    /// <summary>Makes the frames of an epoch.</summary>
    /// <exception cref="InputException">Audio, a noise or an impulse response cannot be used.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="OperationCanceledException">The work was stopped.</exception>
    public EpochFrames Make(int epoch, CancellationToken cancellation)
    {
        var began = _time.GetTimestamp();
        int[][]? sources = null;
        var matrices = _waves is not null && _extractor is not null
            ? Extract(_waves, _extractor, epoch, cancellation, out sources)
            : Statics();
        cancellation.ThrowIfCancellationRequested();
        Parallel.For(0, matrices.Length, utterance => matrices[utterance] = Finish(matrices[utterance], utterance, epoch));
        return Lay(matrices, sources, _time.GetElapsedTime(began));
    }

    private FloatMatrix[] Extract(
        WaveAugmenter waves, IFeatureExtractor extractor, int epoch, CancellationToken cancellation, out int[][] sources)
    {
        using var files = _remote?.Prefetch(_utterances.Select(utterance => utterance.Audio));
        var workers = new FeatureWorkers(extractor, _recipe.Seed, _recipe.Train.Threads)
        {
            Augmenter = waves,
            Epoch = epoch,
            Hold = files is null ? null : files.Hold,
        };
        var matrices = new List<FloatMatrix>();
        var speakers = new List<Utterance>();
        sources = new int[_utterances.Length][];
        foreach (var result in workers.Extract(_utterances.Select(FeatureRequest.Of), cancellation))
        {
            var place = matrices.Count;
            var features = result.Require();
            sources[place] = features.Rows == 0 ? [] : Kept(place, features.Rows, result);
            matrices.Add(features);

            // Kaldi's perturbed speakers are speakers of their own.
            speakers.Add(_utterances[place] with { Speaker = SpeedPerturbation.PrefixOf(result.Speed) + _utterances[place].Speaker });
        }

        FloatMatrix[] all = [.. matrices];
        Normalise(all, speakers);
        return all;
    }

    // The frames whose originals are in the training set: all, but for an end that has no targets.
    private int[] Kept(int place, int rows, FeatureResult result)
    {
        var frame = _extractor?.Options.Frame ?? new();
        var map = SpeedAlignment.Map(rows, Math.Max(1, result.OriginalFrames), result.Speed, frame);
        var first = _clean.FirstFrame(place);
        return [.. map.TakeWhile(original => original < _clean.Lengths[place]).Select(original => first + original)];
    }

    private void Normalise(FloatMatrix[] matrices, List<Utterance> speakers)
    {
        var table = _recipe.Corpus.Train?.Cmvn;
        var there = Enumerable.Range(0, matrices.Length).Where(place => matrices[place].Rows > 0).ToArray();
        var utterances = there.Select(place => table is null ? speakers[place] : _utterances[place]).ToList();
        _normalisation.Apply(new SetFeatures(utterances, [.. there.Select(place => matrices[place])], there.Length, []), table);
    }

    // The frames of the training set as they are, without derivatives.
    private FloatMatrix[] Statics()
    {
        var columns = _clean.Dim / (1 + (_recipe.Features.Deltas?.Order ?? 0));
        var matrices = new FloatMatrix[_clean.Lengths.Length];
        for (var utterance = 0; utterance < matrices.Length; utterance++)
        {
            var matrix = matrices[utterance] = new FloatMatrix(_clean.Lengths[utterance], columns);
            var features = _clean.FeaturesOf(utterance);
            for (var t = 0; t < matrix.Rows; t++)
                features.Slice(t * _clean.Dim, columns).CopyTo(matrix.Row(t));
        }

        return matrices;
    }

    private FloatMatrix Finish(FloatMatrix matrix, int utterance, int epoch)
    {
        _masks?.Apply(_clean.Utterances[utterance], epoch, matrix);
        return _recipe.Features.Deltas is { } deltas ? Deltas.Add(matrix, deltas.Order, deltas.Window) : matrix;
    }

    private EpochFrames Lay(FloatMatrix[] matrices, int[][]? sources, TimeSpan took)
    {
        int[] lengths = [.. matrices.Select((matrix, utterance) => sources?[utterance].Length ?? matrix.Rows)];
        var frames = lengths.Sum(length => (long)length);
        if (frames * _clean.Dim > Array.MaxLength)
        {
            throw new InputException(
                $"augment: {frames} frames are more than fit into memory as one table; use factors of speed closer to 1.");
        }

        var features = new float[frames * _clean.Dim];
        var first = 0;
        for (var utterance = 0; utterance < matrices.Length; utterance++)
        {
            var count = lengths[utterance] * _clean.Dim;
            matrices[utterance].Data.AsSpan(0, count).CopyTo(features.AsSpan(first));
            first += count;
        }

        return new EpochFrames(features, lengths, sources is null ? null : [.. sources.SelectMany(part => part)], took);
    }
}

/// <summary>The training frames of one epoch.</summary>
/// <param name="Features">All frames <c>[N, D]</c>, row-major, in the order of the training set's utterances.</param>
/// <param name="Lengths">The frames of each utterance; 0 where a fast one has none.</param>
/// <param name="Sources">For each frame the frame of the training set whose targets it has; null where they are the same.</param>
/// <param name="MakingTime">The time that it took to make them.</param>
public sealed record EpochFrames(float[] Features, int[] Lengths, int[]? Sources, TimeSpan MakingTime);
