using Mimir.Base;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Data;
using Mimir.Train.Data.Remote;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;

namespace Mimir.Train.Data;

/// <summary>Loads a recipe's sets into memory: utterances, features, normalisation, deltas, targets.</summary>
public sealed class SetLoader
{
    private readonly FeaturesRecipe _features;
    private readonly TrainRecipe _train;
    private readonly FeatureSource _source;
    private readonly ITrainingProgress _progress;

    /// <summary>Prepares to load the sets of a run.</summary>
    /// <param name="recipe">The run's recipe.</param>
    /// <param name="progress">Follows the work, and receives a line about what was dropped.</param>
    /// <param name="remote">The remote corpus; null for files of this machine.</param>
    public SetLoader(Recipe recipe, ITrainingProgress progress, RemoteCorpus? remote = null)
    {
        (_features, _train, _progress) = (recipe.Features, recipe.Train, progress);
        _source = new FeatureSource(recipe.Features, recipe.Seed, recipe.Train.Threads, remote);
        Normalisation = new SpeakerNormalisation(recipe.Features.Cmvn);
    }

    /// <summary>Gets the features that stay in memory for further loads; null for none.</summary>
    public FeatureMemory? Memory { get; init; }

    /// <summary>Gets the normalisation, which carries the training set's statistics to the other sets.</summary>
    public SpeakerNormalisation Normalisation { get; }

    /// <summary>The transition model of a set: the one it names, or the one beside its alignments.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="InputException">The set has neither, or the file is no transition model.</exception>
    public static TransitionModel TransitionModelOf(string name, CorpusSet set) => FindTransitionModel(set) ?? throw new InputException(
        $"corpus.{name}: expected alignments or a transition-model, there is neither; name the folder of ali.*.gz, or a final.mdl.");

    /// <summary>The transition model of a set, or null when it gives posteriors and names none.</summary>
    /// <inheritdoc cref="TransitionModelOf"/>
    public static TransitionModel? FindTransitionModel(CorpusSet set)
    {
        if (set.TransitionModel is { } named)
            return TransitionModel.Read(named);
        if (set.Alignments is not { } alignments)
            return null;

        var beside = Directory.Exists(alignments) ? alignments : Path.GetDirectoryName(alignments) ?? ".";
        return TransitionModel.Read(Path.Combine(beside, "final.mdl"));
    }

    /// <summary>Loads a set with its targets.</summary>
    /// <param name="name">The set's name in the recipe.</param>
    /// <param name="set">The set.</param>
    /// <param name="classes">The number of classes of the model.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="InputException">The data is wrong, or too much of it cannot be used.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public FrameCorpus LoadTargeted(string name, CorpusSet set, int classes, CancellationToken cancellation = default)
    {
        using var targets = new TargetSource(name, set, set.Targets is null ? TransitionModelOf(name, set) : null);
        return Load(name, set, targets.Of, classes, cancellation);
    }

    /// <summary>Loads a set's features alone.</summary>
    /// <inheritdoc cref="LoadTargeted"/>
    public FrameCorpus Load(string name, CorpusSet set, CancellationToken cancellation = default) =>
        Load(name, set, targets: null, classes: 0, cancellation);

    /// <summary>The utterances that a set names.</summary>
    /// <param name="set">The set.</param>
    /// <exception cref="InputException">Its files disagree.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public static IReadOnlyList<Utterance> UtterancesOf(CorpusSet set)
    {
        var subset = set.Utterances is null ? null : DataDirectory.ReadList(set.Utterances);
        return DataDirectory.Load(set.Dir, set.Root == "." ? null : set.Root, subset, set.TextEncoding).Utterances;
    }

    private FrameCorpus Load(
        string name, CorpusSet set, Func<string, UtteranceTargets>? targets, int classes, CancellationToken cancellation)
    {
        var features = Memory?.Get(set, () => Compute(name, set, cancellation)) ?? Compute(name, set, cancellation);
        var corpus = FramePacker.Pack(name, features, targets, classes, _train.LengthTolerance);
        corpus.Drops.Check(_train.MaxDropped);
        if (corpus.Drops.Drops.Count > 0)
            _progress.Say($"set '{name}': {corpus.Drops}");
        if (corpus.Drops.Excluded > 0)
            _progress.Say($"set '{name}': {corpus.Drops.Excluded} utterances of weight 0 are left out.");
        return corpus;
    }

    private SetFeatures Compute(string name, CorpusSet set, CancellationToken cancellation)
    {
        var utterances = UtterancesOf(set);
        var features = _source.Read(set, utterances, done => Report(name, done, utterances.Count), cancellation);
        if (features.Warnings.Count > 0)
            _progress.Say($"set '{name}': {features.Warnings.Count} utterances with doubtful audio (first {features.Warnings[0]})");

        // A set without targets is decoded: there a large value does no harm.
        if (_train.Nan == NanPolicy.Quarantine)
            features = FeatureScreen.Apply(features, set is { Alignments: null, Targets: null } ? 0 : _train.Quarantine.Magnitude);
        Normalisation.Apply(features, set.Cmvn);
        if (_features.Deltas is { } deltas)
            AddDeltas(features, deltas);
        return features;
    }

    private static void AddDeltas(SetFeatures features, DeltasRecipe deltas) =>
        Parallel.For(0, features.Matrices.Length, utterance =>
            features.Matrices[utterance] = Deltas.Add(features.Matrices[utterance], deltas.Order, deltas.Window));

    private void Report(string set, int done, int total) => _progress.Report(new()
    {
        Stage = RunStage.Features,
        Set = set,
        Done = done,
        Total = total,
        Unit = "utterances",
    });
}
