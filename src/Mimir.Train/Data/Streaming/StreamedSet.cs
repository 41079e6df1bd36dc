using Mimir.Base;
using Mimir.Features.Augmentation;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Data;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data.Streaming;

/// <summary>A set whose frames stay where they are, in archives or audio, and are made when they are needed.</summary>
/// <remarks>Its frames are the same bytes as those of <see cref="FrameCorpus"/>.</remarks>
internal sealed class StreamedSet : IFrameSet, IDisposable
{
    private readonly Utterance[] _utterances;
    private readonly IUtteranceFeatures _features;
    private readonly SpeakerNormalisation _normalisation;
    private readonly IReadOnlyDictionary<string, CmvnStatistics> _statistics;
    private readonly DeltasRecipe? _deltas;
    private readonly SpecAugment? _masks;
    private readonly ClassFile _classes;
    private readonly int[] _firstFrames;

    /// <summary>Puts the parts together.</summary>
    /// <param name="index">The utterances, their places and their classes.</param>
    /// <param name="features">Reads plain features.</param>
    /// <param name="normalisation">The normalisation.</param>
    /// <param name="statistics">Its statistics.</param>
    /// <param name="deltas">The derivatives, or null.</param>
    /// <param name="masks">The masks of augmentation, or null.</param>
    public StreamedSet(
        StreamIndex index, IUtteranceFeatures features, SpeakerNormalisation normalisation,
        IReadOnlyDictionary<string, CmvnStatistics> statistics, DeltasRecipe? deltas, SpecAugment? masks)
    {
        (_utterances, _features, _normalisation, _statistics) = (index.Utterances, features, normalisation, statistics);
        (_deltas, _masks, _classes, _firstFrames) = (deltas, masks, index.Classes, index.FirstFrames);
        Utterances = Array.ConvertAll(_utterances, utterance => utterance.Id);
        Lengths = index.Lengths;
        Dim = index.Dim * (1 + (deltas?.Order ?? 0));
        Targets = FrameTargets.FromFile(index.Classes);
        Drops = index.Drops;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Utterances { get; }

    /// <inheritdoc/>
    public int[] Lengths { get; }

    /// <inheritdoc/>
    public int Dim { get; }

    /// <inheritdoc/>
    public int Frames => _firstFrames[^1];

    /// <inheritdoc/>
    public FrameTargets Targets { get; }

    /// <inheritdoc/>
    public DropReport Drops { get; }

    /// <summary>True when an utterance has the same frames in each epoch.</summary>
    public bool IsSteady => _masks is null;

    /// <inheritdoc/>
    public int FirstFrame(int utterance) => _firstFrames[utterance];

    /// <inheritdoc/>
    public int UtteranceOf(int frame) => UtteranceOrder.Of(_firstFrames, frame);

    /// <inheritdoc/>
    public ReadOnlySpan<float> FeaturesOf(int utterance) => Make(utterance, epoch: null).Span;

    /// <summary>Makes the frames of an utterance, <c>[T, D]</c>.</summary>
    /// <param name="utterance">Its place in <see cref="Utterances"/>.</param>
    /// <param name="epoch">The epoch, from 1, for augmentation; null for none.</param>
    /// <exception cref="InputException">They are damaged, or not what they were when training began.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public ReadOnlyMemory<float> Make(int utterance, int? epoch)
    {
        var (id, matrix) = (Utterances[utterance], _features.Read(_utterances[utterance]));
        if (matrix.Rows < Lengths[utterance])
        {
            throw new InputException(
                $"set '{Drops.Set}', utterance '{id}': expected {Lengths[utterance]} frames of features, got {matrix.Rows}; its file has "
                + "changed since the run began, or utt2num_frames is wrong.");
        }

        _normalisation.Apply(_utterances[utterance], matrix, _statistics);
        if (epoch is { } drawn)
            _masks?.Apply(id, drawn, matrix);
        if (_deltas is not null)
            matrix = Deltas.Add(matrix, _deltas.Order, _deltas.Window);

        FramePacker.CheckFinite(Drops.Set, id, matrix, Dim);
        return matrix.Data.AsMemory(0, Lengths[utterance] * Dim);
    }

    /// <inheritdoc/>
    public void Dispose() => _classes.Dispose();
}
