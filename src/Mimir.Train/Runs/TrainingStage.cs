using Mimir.Base;
using Mimir.Core.Graph;
using Mimir.Kaldi.Alignments;
using Mimir.Train.Averages;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Distribution;
using Mimir.Train.Losses;
using Mimir.Train.Pretraining;
using Mimir.Train.Quarantine;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Schedules;
using Mimir.Train.Training;
using Mimir.Train.Tuning;

namespace Mimir.Train.Runs;

/// <summary>The part of a run that makes the model: sets, graph, engine, session of the workers, loop.</summary>
internal sealed class TrainingStage
{
    private readonly RunContext _run;
    private readonly SetLoader _loader;
    private readonly TransitionModel? _transitions;
    private readonly int _classes;
    private readonly IReadOnlyList<string>? _units;

    public TrainingStage(RunContext run, SetLoader loader)
    {
        (_run, _loader) = (run, loader);
        var train = run.Recipe.Corpus.Train ?? throw Missing("train");
        if (run.Recipe.Train.Loss is CtcRecipe ctc)
        {
            _units = CtcUnits.Of(run.Recipe, ctc).Symbols;
            _classes = _units.Count;
            return;
        }

        _transitions = SetLoader.FindTransitionModel(train);
        _classes = _transitions?.PdfCount ?? RecipeBuilder.Classes(run.Recipe);
    }

    /// <summary>Gets the cross-validation set, once it is loaded.</summary>
    public FrameCorpus? Validation { get; private set; }

    /// <summary>Trains to the end, or to the checkpoint of an interruption.</summary>
    /// <param name="store">The run's checkpoints.</param>
    /// <param name="from">The checkpoint to continue from, or null.</param>
    /// <param name="fingerprint">The fingerprint of the recipe.</param>
    public TrainerResult Run(CheckpointStore store, Checkpoint? from, string fingerprint)
    {
        var (recipe, team) = (_run.Recipe, _run.Team);
        var start = StartNetwork.Of(recipe);
        _loader.Normalisation.Global ??= start?.Cmvn;
        var data = TrainingData.Load(_run, _loader, _classes, () => Load("train"));
        var train = data.Set;
        var targets = TargetsOf(train);
        var validation = Validation = Load("cv");
        var validationTargets = TargetsOf(validation);
        var setAside = new QuarantineReport(_run, "train", train.Drops);
        var update = team.IsAlone ? null : UpdateSetup.Of(recipe, team);
        var spec = RecipeBuilder.Graph(recipe, train, _classes);
        using var engine = RecipeBuilder.Engine(
            recipe, start?.Continue(spec) ?? spec, train, data.Frames, validation, team.Rank,
            DataShares.StreamsOf(recipe.Train.Batch, update?.Options, team), update?.Scale, SequenceLosses(start, train, validation));
        start?.SetWeights(engine.Graph);
        if (!team.IsAlone && _run.Options.Sets is null)
            Compare(train, validation, engine);
        from = Usable(store, from, engine, train);
        if (from is not null)
            _run.Progress.Say($"going on from epoch {from.State.Epoch}, step {from.State.Step}");
        _run.Begin(from, engine.Graph);
        Announce(train, validation, engine.Graph, update, from);
        if (from is not null)
            setAside.Resume(from.State);

        var progress = new TrainingProgress(fingerprint, ISchedule.Of(recipe.Train));
        if (from is null && recipe.Pretrain is not null && !team.IsRejoining && !TryPretrain(recipe.Pretrain, engine, train, fingerprint))
            return new(Interrupted: true, progress.State, []);

        var exchange = update?.Join(engine.Graph, _run.Options.CreateUpdateMode);
        using var tuning = new RunTuning(
            _run.Loaded, team.Size, team.IsCoordinator ? new(_run.Folder.Root) : null, mode => exchange?.Tune(mode), _run.Tuned, _run.Time);
        var guard = Guard(engine, update, progress, train, setAside);
        using var session = Session(engine, exchange, tuning, progress, train, from, guard);
        var model = new ModelKeeper(_run, _transitions, CountsOf(targets), _loader.Normalisation, engine) { Units = _units };
        var observer = new RunObserver(_run, session, model, (long)targets.Mass, (long)validationTargets.Mass);
        IBatchDealer ShareOf(IBatchDealer whole, int[] lengths) => _run.Options.WrapDealer(session.ShareOf(whole, lengths));
        using var queue = data.Resident is null ? null : Augmentation(data.Resident, from?.State.Epoch ?? 1);
        IBatchDealer Training() => BatchDealers.ForTraining(recipe, train);
        IBatchDealer Scout() => new ShareDealer(QuarantineDealer.Of(Training(), guard?.List), team.Rank, team.Size);
        IEpochPlanner planner = queue is null || data.Resident is null
            ? new FixedEpochs(data.Frames.Follow(
                ShareOf(Training(), train.Lengths),
                update is { Options.SplitsBatches: false } ? null : Scout))
            : new AugmentedEpochs(
                recipe, queue, data.Resident, targets, engine, ShareOf, frames => observer.TrainFrames = frames, _run.Progress, _run.Time);
        var average = IModelAverage.Of(recipe.Train);
        var trainer = new Trainer(
            engine,
            session,
            progress,
            planner,
            targets,
            new(
                engine, session,
                session.ShareOfValidation(BatchDealers.ForValidation(
                    recipe, validation, engine.Graph.NeedsSequences || recipe.Train.Loss.NeedsUtterances)),
                validationTargets, observer),
            new(
                engine, session, store, new(TimeSpan.FromMinutes(recipe.Train.Checkpoint.Minutes), recipe.Train.Checkpoint.Keep), observer,
                _run.Time, average),
            observer,
            average,
            TrainingCourse.Of(recipe.Train, targets.Mass, update is { Options.SplitsBatches: false } ? team.Size : 1),
            recipe.Train.ProportionalShrink);
        var result = trainer.Run(from, _run.Cancellation);
        if (result.Interrupted)
            return result;

        team.Finish();
        model.KeepBest(result);
        return result;
    }

    // The coordinator does it, and the others receive the network.
    private bool TryPretrain(PretrainRecipe kind, GraphEngine engine, IFrameSet train, string fingerprint)
    {
        if (kind is not RbmRecipe rbm)
            throw new InputException($"pretrain: {kind.GetType().Name} is not one that can be run.");

        var began = _run.Time.GetTimestamp();
        var own = _run.Team.IsCoordinator
            ? new RbmPretraining(_run.Recipe, rbm, train, new(_run.Folder.Pretraining), _run.Progress, _run.Time)
                .Run(engine.Graph, engine.TrainingFrames, fingerprint, _run.Warn, _run.Cancellation)
            : null;
        if (_run.Team.Broadcast(own) is not { } trained)
            return false;

        engine.SetModel(trained.Vectors[Checkpoint.Model]);
        _run.Record(new StageFinished
        {
            Stage = RunStage.Pretraining,
            Set = "train",
            Utterances = train.Utterances.Count,
            Frames = train.Frames,
            Seconds = _run.Time.GetElapsedTime(began).TotalSeconds,
        });
        return true;
    }

    private LossPair? SequenceLosses(StartNetwork? start, IFrameSet train, FrameCorpus validation) =>
        _run.Recipe.Train.Loss is SequenceLossRecipe loss && start is not null && _transitions is not null
            ? new SequenceStage(_run, loss, start, _transitions).Run(train, validation)
            : null;

    // Workers that share their sets in memory have the same.
    private void Compare(IFrameSet train, FrameCorpus validation, GraphEngine engine) => _run.Team.Compare(WorkerFingerprint.Empty with
    {
        Sets = new Dictionary<string, UtteranceMark[]> { ["train"] = UtteranceMark.Of(train), ["cv"] = UtteranceMark.Of(validation) },
        Models = new Dictionary<string, ValuesMark> { ["initial model"] = ValuesMark.Of(engine.CopyModel()) },
    });
    // All workers have the same checkpoint and find the same.
    private Checkpoint? Usable(CheckpointStore store, Checkpoint? from, GraphEngine engine, IFrameSet train)
    {
        while (from is not null && (EngineVectors.Problem(engine, from) ?? StepProblem(from, train)) is { } problem)
        {
            var name = new CheckpointName(from.State.Epoch, from.State.Step);
            _run.Warn($"{store.PlaceOf(name)}: {problem}. This checkpoint is passed over.");
            from = _run.Team.Broadcast(_run.Team.IsCoordinator ? store.ReadNewest(_run.Warn, name) : null);
        }

        return from;
    }

    // Where each epoch is dealt anew, or to several workers, the batches of this one are not known yet.
    private string? StepProblem(Checkpoint from, IFrameSet train)
    {
        if (!_run.Team.IsAlone || _run.Recipe.Augment is not null || from.State.Leases is not null)
            return null;

        try
        {
            BatchDealers.ForTraining(_run.Recipe, train).Start(from.State.Epoch, from.State.Step);
            return null;
        }
        catch (ArgumentOutOfRangeException)
        {
            return $"it has done {from.State.Step} steps of epoch {from.State.Epoch}, and there are fewer";
        }
    }

    // Workers that sum gradients inside a machine alone have no way to agree on a step that is undone.
    private StepGuard? Guard(
        GraphEngine engine, UpdateSetup? update, TrainingProgress progress, IFrameSet train, QuarantineReport report)
    {
        if (_run.Recipe.Train is not { Nan: NanPolicy.Quarantine, Quarantine: var limits }
            || update?.Options is { SumsGradients: true, SplitsBatches: false })
        {
            return null;
        }

        QuarantineList.Demand(limits, report.Count, report.Count + train.Utterances.Count);
        var list = new QuarantineList(limits, train.Utterances, report.Count, one => report.Add("train", one));
        return new(engine, list, new(train, _classes), limits.Deviations, progress);
    }

    private ITeamSession Session(
        GraphEngine engine, ParameterExchange? exchange, RunTuning tuning, TrainingProgress progress, IFrameSet train, Checkpoint? from,
        StepGuard? guard)
    {
        if (exchange is null)
            return new SoloSession(engine, progress, tuning, guard);

        var shares = new DataShares(
            _run.Team, exchange.Options, _run.Options.LeasesInTurn, _run.Recipe, train, _run.Folder.Root, from?.State, _run.Time,
            _run.Options.Logging.Shown<DataShares>(_run.Progress), guard?.List);
        return new TeamSession(_run.Team, engine, exchange, shares, tuning, progress, _run.Warn, guard);
    }

    private FrameCorpus Load(string name) => _run.Load(
        name, () => _run.Options.Sets?.Set(name, () => LoadOwn(name)) ?? LoadOwn(name));

    private FrameCorpus LoadOwn(string name)
    {
        var set = _run.Recipe.Corpus.Find(name) ?? throw Missing(name);
        return _run.Recipe.Train.Loss.NeedsFrameTargets
            ? _loader.LoadTargeted(name, set, _classes, _run.Cancellation)
            : _loader.Load(name, set, _run.Cancellation).WithoutTargets();
    }

    private PdfCounts CountsOf(FrameTargets targets) =>
        new([.. targets.CountClasses(_classes).Select(count => count + PdfCounts.KaldiSmoothing)]);

    private EpochQueue? Augmentation(FrameCorpus train, int first)
    {
        if (_run.Recipe is not { Augment: { } augment, Corpus.Train: { } set } recipe)
            return null;

        var maker = new EpochMaker(recipe, augment, set, train, _loader.Normalisation, _run.Time, _run.Remote);
        Func<int, CancellationToken, EpochFrames> make = _run.Options.Sets is { } sets
            ? (epoch, cancellation) => sets.Epoch(epoch, () => maker.Make(epoch, cancellation))
            : maker.Make;
        var queue = new EpochQueue(make, recipe.Train.Schedule.MaxEpochs);
        queue.Begin(first);
        return queue;
    }

    private void Announce(IFrameSet train, FrameCorpus validation, LayerGraph graph, UpdateSetup? update, Checkpoint? from)
    {
        var workers = update is null ? "" : $" in each of {_run.Team.Size} workers";
        _run.Progress.Say(
            $"{train.Utterances.Count} utterances, {train.Frames} frames to train on; {validation.Frames} to validate on; "
            + $"{graph.Parameters.Count} parameters, {graph.OutputDim} classes, "
            + $"on {graph.Device} with {_run.ThreadCount} threads{workers}");
        if (from is { State.Tuned: { Count: > 0 } tuned })
            _run.Progress.Say($"tuned before: {string.Join(", ", tuned.Select(value => $"{value.Key}={value.Value}"))}");
        if (update is not null)
        {
            foreach (var advice in RecipeAdvice.Of(_run.Recipe))
                _run.Warn($"warning: {advice}");
        }

        if (update is { } joined && joined.Options.Warning(joined.Scale.Machines) is { } warning)
            _run.Warn($"distribute.update.{joined.Options.Name}: {warning}");
    }

    private static FrameTargets TargetsOf(IFrameSet corpus) =>
        corpus.Targets ?? throw new InputException($"set '{corpus.Drops.Set}': expected alignments or targets, there are none.");

    private static InputException Missing(string set) => new($"corpus.{set}: expected a set, there is none.");
}
