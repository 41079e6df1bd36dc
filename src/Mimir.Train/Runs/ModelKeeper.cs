using Mimir.Kaldi.Alignments;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Training;

namespace Mimir.Train.Runs;

/// <summary>Keeps the best network of a run in <c>model/</c>, on the coordinator.</summary>
/// <param name="run">The run.</param>
/// <param name="transitions">The transition model of the alignments, or null.</param>
/// <param name="counts">The frames of each class in the training set.</param>
/// <param name="normalisation">The normalisation of the training set.</param>
/// <param name="engine">The network.</param>
internal sealed class ModelKeeper(
    RunContext run, TransitionModel? transitions, PdfCounts counts, SpeakerNormalisation normalisation, GraphEngine engine)
{
    private readonly TrainedModel _model = new(run.Folder.Model);

    /// <summary>Gets the symbols of the outputs, where these are no pdfs; null where they are.</summary>
    public IReadOnlyList<string>? Units { get; init; }

    /// <summary>Saves the network as it is.</summary>
    /// <param name="history">The epochs that led to it.</param>
    public void Save(IReadOnlyList<EpochRecord> history)
    {
        if (run.Team.IsCoordinator)
            _model.Save(engine.Graph, history, counts, transitions, normalisation.Global, Units);
    }

    /// <summary>Saves the best network of a finished run.</summary>
    /// <param name="result">The end of the training loop.</param>
    /// <exception cref="DivergedException">No epoch made the network better.</exception>
    public void KeepBest(TrainerResult result)
    {
        var isUnchanged = result.State.Schedule.BestEpoch == 0 && result.State.Schedule.Epoch > 0;
        if (isUnchanged && run.Recipe.Train.From is { } start)
            run.Warn($"no epoch made the network better than that of {start}, which is this run's result");
        else if (isUnchanged)
        {
            throw new DivergedException(
                "No epoch made the network better than the untrained one; lower the learning rate (train.optimiser), and check "
                + "that the alignments belong to the features.");
        }

        engine.SetModel(result.Best);
        Save(result.State.History);
    }
}
