using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Recipes;

namespace Mimir.Train.Data;

/// <summary>
/// Finds the targets of a set's utterances, alignments or posteriors, and their weights, as nnet-train-frmshuff takes them:
/// what is missing drops an utterance, a weight of 0 leaves it out.
/// </summary>
public sealed class TargetSource : IDisposable
{
    private readonly string _name;
    private readonly CorpusSet _set;
    private readonly AlignmentSet? _alignments;
    private readonly RandomAccessTable<Posterior>? _posteriors;
    private readonly RandomAccessTable<float[]>? _frameWeights;
    private readonly RandomAccessTable<float>? _utteranceWeights;

    /// <summary>Opens the tables and alignments that a set names.</summary>
    /// <param name="name">The set's name, for messages.</param>
    /// <param name="set">The set; it gives alignments or targets.</param>
    /// <param name="transitions">The transition model of its alignments; null where it gives posteriors.</param>
    /// <exception cref="InputException">A table or an alignment is damaged.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public TargetSource(string name, CorpusSet set, TransitionModel? transitions)
    {
        (_name, _set) = (name, set);
        if (set.Targets is { } targets)
            _posteriors = Posterior.Table.Open(targets);
        else if (transitions is not null)
            _alignments = AlignmentSet.Read(set.Alignments ?? "", transitions);

        _frameWeights = set.FrameWeights is { } frames ? KaldiTables.FloatVector.Open(frames) : null;
        _utteranceWeights = set.UtteranceWeights is { } utterances ? KaldiTables.FloatScalar.Open(utterances) : null;
    }

    /// <summary>The targets of an utterance.</summary>
    /// <param name="utterance">Its id.</param>
    /// <exception cref="InputException">A weight is negative or not finite, or a table is damaged.</exception>
    public UtteranceTargets Of(string utterance)
    {
        var targets = Targets(utterance);
        if (targets.Drop is not null)
            return targets;
        if (_frameWeights is { } frames)
        {
            if (!frames.TryGet(utterance, out var weights))
                return Dropped(utterance, DropReason.NoWeights, $"not in {_set.FrameWeights}");

            targets = targets with { FrameWeights = weights };
            CheckFrames(utterance, weights);
        }

        if (_utteranceWeights is { } utterances)
        {
            if (!utterances.TryGet(utterance, out var weight))
                return Dropped(utterance, DropReason.NoWeights, $"not in {_set.UtteranceWeights}");
            if (!float.IsFinite(weight) || weight < 0)
                throw Wrong(utterance, null, weight, _set.UtteranceWeights);

            targets = targets with { Weight = weight };
        }

        return targets;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _posteriors?.Dispose();
        _frameWeights?.Dispose();
        _utteranceWeights?.Dispose();
    }

    private UtteranceTargets Targets(string utterance)
    {
        if (_posteriors is null)
        {
            int[]? pdfs = null;
            _alignments?.TryGetPdfs(utterance, out pdfs);
            return UtteranceTargets.Aligned(utterance, pdfs);
        }

        return _posteriors.TryGet(utterance, out var posterior)
            ? new() { Posterior = posterior }
            : Dropped(utterance, DropReason.NoTargets, $"not in {_set.Targets}");
    }

    private void CheckFrames(string utterance, float[] weights)
    {
        var wrong = Array.FindIndex(weights, weight => !float.IsFinite(weight) || weight < 0);
        if (wrong >= 0)
            throw Wrong(utterance, wrong, weights[wrong], _set.FrameWeights);
    }

    private InputException Wrong(string utterance, int? frame, float weight, string? table) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"set '{_name}', utterance '{utterance}'{(frame is null ? "" : $", frame {frame}")}: expected a finite weight from 0, got "
        + $"{weight}; correct it in {table}: 0 leaves out, 1 is the usual weight."));

    private static UtteranceTargets Dropped(string utterance, DropReason reason, string detail) =>
        new() { Drop = new(utterance, reason, detail) };
}

/// <summary>The targets of an utterance's frames: the classes of an alignment, or a posterior; or the reason why it has neither.</summary>
public sealed record UtteranceTargets
{
    /// <summary>Gets the class of each frame, <c>[T]</c>, or null.</summary>
    public int[]? Classes { get; init; }

    /// <summary>Gets the soft targets of each frame, or null.</summary>
    public Posterior? Posterior { get; init; }

    /// <summary>Gets the weight of each frame, <c>[T]</c>, or null when all are <see cref="Weight"/>.</summary>
    public float[]? FrameWeights { get; init; }

    /// <summary>Gets the weight of the utterance; at 0 it is left out.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Gets the reason why the utterance is left out, or null.</summary>
    public Drop? Drop { get; init; }

    /// <summary>Gets the number of frames that have targets.</summary>
    public int Frames => Posterior?.Frames ?? Classes?.Length ?? 0;

    /// <summary>Makes targets of an alignment.</summary>
    /// <param name="utterance">The utterance.</param>
    /// <param name="classes">The class of each frame, or null when it is not aligned.</param>
    public static UtteranceTargets Aligned(string utterance, int[]? classes) => classes is null
        ? new() { Drop = new(utterance, DropReason.NoAlignment, "it is not in the alignments") }
        : new() { Classes = classes };
}
