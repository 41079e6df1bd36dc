using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Recipes;
using Mimir.Train.Training;
using Mimir.Train.Tuning;

namespace Mimir.Train.Runs;

/// <summary>The part of a run that makes the model: sets, graph, engine, loop.</summary>
internal sealed class TrainingStage : ITrainerObserver
{
    private readonly RunContext _run;
    private readonly TransitionModel? _transitions;
    private readonly int _classes;
    private readonly SetLoader _loader;
    private readonly TrainedModel _model;
    private RunObserver? _observer;
    private GraphEngine? _engine;
    private PdfCounts? _counts;
    private DataShares? _shares;

    public TrainingStage(RunContext run, SetLoader loader)
    {
        (_run, _loader) = (run, loader);
        _transitions = SetLoader.FindTransitionModel(run.Recipe.Corpus.Train ?? throw Missing("train"));
        _classes = _transitions?.PdfCount ?? RecipeBuilder.Classes(run.Recipe);
        _model = new(run.Folder.Model);
    }

    /// <summary>Gets the cross-validation set, once it is loaded.</summary>
    public FrameCorpus? Validation { get; private set; }

    /// <summary>Trains to the end, or to the checkpoint of an interruption.</summary>
    public TrainerResult Run(CheckpointStore checkpoints, Checkpoint? from, string fingerprint)
    {
        var recipe = _run.Recipe;
        var train = Load("train");
        var targets = TargetsOf(train);
        Validation = Load("cv");
        var validationTargets = TargetsOf(Validation);
        _counts = new([.. targets.CountClasses(_classes).Select(count => count + PdfCounts.KaldiSmoothing)]);
        var spec = RecipeBuilder.Graph(recipe, train, _classes);
        using var engine = _engine = RecipeBuilder.Engine(recipe, spec, train, Validation, _run.Team);
        _observer = new(
            _run.Progress, _run.Recorder, _run.Time, RecipeBuilder.MaxEpochs(recipe.Train.Schedule), (long)targets.Mass, (long)validationTargets.Mass,
            () => _run.Team.Size)
        {
            Exchanged = engine.Exchange is { } exchange ? () => exchange.Statistics : null,
            InputStall = engine.Exchange is null ? null : () => _shares?.TakeStallPercent() ?? 0,
        };
        _run.Begin(from, engine.Graph);
        Announce(train, engine.Graph);
        if (from is { State.Tuned: { Count: > 0 } tuned })
            _run.Progress.Say($"tuned before: {string.Join(", ", tuned.Select(value => $"{value.Key}={value.Value}"))}");
        if (recipe.Distribute.Update is TwoTierRecipe && engine.Exchange is { Machines: 1 })
            _run.Warn("distribute.update.two-tier: all workers are on one machine, so this is sync; set 'machines' to count them as on several");

        _run.Team.Log = _run.Warn;
        using var shares = new DataShares(_run.Team, recipe, train, _run.Folder.Root, from?.State, _run.Time, _run.Progress.Say);
        shares.Attach(engine.Exchange);
        _shares = shares;
        using var tuning = Tuning(engine);
        using var planner = Planner(train, targets, engine, shares, from?.State.Epoch ?? 1);
        var trainer = new Trainer(
            engine,
            shares.Of(RecipeBuilder.Dealer(recipe, train), train.Lengths),
            targets,
            RecipeBuilder.ValidationDealer(recipe, engine.Graph, Validation, _run.Team),
            validationTargets,
            RecipeBuilder.Schedule(recipe.Train),
            checkpoints,
            new()
            {
                Fingerprint = fingerprint,
                CheckpointEvery = TimeSpan.FromMinutes(recipe.Train.Checkpoint.Minutes),
                KeepCheckpoints = recipe.Train.Checkpoint.Keep,
            },
            this,
            _run.Time)
        {
            Plan = planner is null ? null : (epoch, cancellation) => Planned(planner.Plan(epoch, cancellation)),
            Team = _run.Team,
            Shares = shares,
            Tuning = new(tuning, _run.Team, engine.Exchange),
        };
        var result = trainer.Run(from, _run.Cancellation);
        if (!result.Interrupted)
            Keep(engine, result);

        return result;
    }

    public void StepDone(TrainingState state, BatchResult batch) => _observer?.StepDone(state, batch);

    public void Validating(int epoch, EpochTotals totals) => _observer?.Validating(epoch, totals);

    public void EpochDone(EpochRecord record, TrainingState state)
    {
        _observer?.EpochDone(record, state);
        if (record.Accepted && _engine is not null)
            Save(_engine.Graph, state.History);
    }

    public void CheckpointWritten(string folder) => _observer?.CheckpointWritten(folder);

    private FrameCorpus Load(string name) => _run.Load(name, () => _run.Team.Emulation?.Load(name, () => LoadOwn(name)) ?? LoadOwn(name));

    private FrameCorpus LoadOwn(string name) => _loader.LoadTargeted(
        name, _run.Recipe.Corpus.Find(name) ?? throw Missing(name), _classes, _run.Cancellation);

    private RunTuning Tuning(GraphEngine engine) => new(
        _run.Loaded,
        _run.Team.Size,
        _run.Team.IsCoordinator ? new(_run.Folder.Root) : null,
        mode => engine.Exchange?.Tune(mode),
        tuned =>
        {
            _run.Record(tuned);
            _run.Progress.Say($"tuned: {tuned}");
        },
        _run.Time);

    private EpochPlanner? Planner(FrameCorpus train, FrameTargets targets, GraphEngine engine, DataShares shares, int first)
    {
        if (_run.Recipe is not { Augment: { } augment, Corpus.Train: { } set } recipe)
            return null;

        var maker = new EpochMaker(recipe, augment, set, train, _loader.Normalisation, _run.Time, _run.Remote);
        Func<int, CancellationToken, EpochFrames> make = _run.Team.Emulation is { } emulation
            ? (epoch, cancellation) => emulation.Make(epoch, () => maker.Make(epoch, cancellation))
            : maker.Make;
        return new EpochPlanner(recipe, make, train, targets, engine, shares, first, _run.Progress, _run.Time);
    }

    private EpochPlan Planned(EpochPlan plan)
    {
        if (_observer is not null)
            _observer.TrainFrames = (long)plan.Mass;

        return plan;
    }

    private static FrameTargets TargetsOf(FrameCorpus corpus) =>
        corpus.Targets ?? throw new InputException($"set '{corpus.Drops.Set}': expected alignments or targets, there are none.");

    private void Keep(GraphEngine engine, TrainerResult result)
    {
        if (result.State.Schedule.BestEpoch == 0 && result.State.Schedule.Epoch > 0)
        {
            throw new DivergedException(
                "No epoch made the network better than the untrained one; lower the learning rate (train.optimiser), and check "
                + "that the alignments belong to the features.");
        }

        engine.SetModel(result.Best);
        Save(engine.Graph, result.State.History);
    }

    private void Save(LayerGraph graph, IReadOnlyList<EpochRecord> history)
    {
        if (_counts is not null && _run.Team.IsCoordinator)
            _model.Save(graph, history, _counts, _transitions, _loader.Normalisation.Global);
    }

    private void Announce(FrameCorpus train, LayerGraph graph) => _run.Progress.Say(
        $"{train.Utterances.Count} utterances, {train.Frames} frames to train on; {Validation?.Frames} to validate on; "
        + $"{graph.Parameters.Count} parameters, {graph.OutputDim} classes, on {graph.Device} with {_run.ThreadCount} threads{Workers}");

    private string Workers => _run.Team.Size == 1 ? "" : $" in each of {_run.Team.Size} workers";

    private static InputException Missing(string set) => new($"corpus.{set}: expected a set, there is none.");
}
