using Mimir.Base;
using Mimir.Train.Checkpoints;
using Mimir.Train.Data;
using Mimir.Train.Reports;

namespace Mimir.Train.Runs;

/// <summary>Reports what a run sets aside: an event each, a line to the user, and the file <c>quarantine</c> of the run.</summary>
/// <remarks>A line of the file is the id of an utterance and the reason, as in Kaldi's tables of text.</remarks>
internal sealed class QuarantineReport
{
    private readonly RunContext _run;
    private readonly List<(string Utterance, string Reason)> _lines = [];

    /// <summary>Reports what was set aside before training.</summary>
    /// <param name="run">The run.</param>
    /// <param name="set">The set's name.</param>
    /// <param name="drops">The utterances that the set lost.</param>
    public QuarantineReport(RunContext run, string set, DropReport drops)
    {
        _run = run;
        foreach (var drop in drops.Quarantined)
        {
            var reason = drop.Reason == DropReason.NotFinite ? "a feature is not finite" : "absurd features";
            Add(set, new(drop.Utterance, 0, 0, $"{reason}: {drop.Detail}"));
        }
    }

    /// <summary>Gets the number of utterances that are reported.</summary>
    public int Count => _lines.Count;

    /// <summary>Continues with what a checkpoint holds.</summary>
    public void Resume(TrainingState state)
    {
        _lines.AddRange(state.Quarantined.Select(one => (one.Utterance, one.Reason)));
        Write();
    }

    /// <summary>Reports an utterance.</summary>
    public void Add(string set, QuarantinedUtterance one)
    {
        _lines.Add((one.Utterance, one.Reason));
        _run.Record(new UtteranceQuarantined
        {
            Set = set,
            Utterance = one.Utterance,
            Epoch = one.Epoch,
            Step = one.Step,
            Reason = one.Reason,
        });
        _run.Progress.Say($"utterance '{one.Utterance}' is set aside: {one.Reason}");
        Write();
    }

    private void Write()
    {
        if (_run.Team.IsCoordinator && _lines.Count > 0)
            AtomicFile.WriteText(_run.Folder.Quarantine, string.Concat(_lines.Select(line => $"{line.Utterance} {line.Reason}\n")));
    }
}
