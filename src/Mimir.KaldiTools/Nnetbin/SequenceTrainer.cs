using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.KaldiTools.Nnetbin.Sequences;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Trains a network on batches of sequences, or only evaluates it, as one run of nnet1's multi-stream trainers.</summary>
/// <param name="step">What is done with a batch.</param>
internal sealed class SequenceTrainer(TrainingStep step)
{
    private int[] _rows = [];

    /// <summary>Gets the frames between two looks at what flows through the network; 0, the default, for the first and the
    /// last batch only.</summary>
    public int LookEvery { get; init; }

    /// <summary>Gets whether layers go on with the state of each stream, where batches have streams. The default is true.</summary>
    public bool CarriesState { get; init; } = true;

    /// <summary>Gets the utterances so far.</summary>
    public int Utterances { get; private set; }

    /// <summary>Goes through all batches.</summary>
    /// <param name="batches">The data.</param>
    /// <param name="beforeLast">Is called before the last one.</param>
    /// <exception cref="InputException">The loss is not finite.</exception>
    public void Run(IEnumerable<SequenceBatch> batches, Action? beforeLast = null)
    {
        foreach (var batch in batches)
        {
            if (batch.IsLast)
                beforeLast?.Invoke();

            using var table = new FrameTable(step.Device, batch.Features, batch.Dim, [batch.Frames]);
            step.Run(table, Rows(batch.Frames), Layout(batch), batch.Targets, batch.Weights, batch.PaddedFrames, Looks(batch));
            Utterances += batch.Started;
        }
    }

    private SequenceLayout Layout(SequenceBatch batch) =>
        CarriesState ? new(batch.Lengths, batch.Streams, batch.Begins) : new(batch.Lengths);

    private List<long> Looks(SequenceBatch batch)
    {
        var looks = new List<long>();
        var after = step.Frames + batch.Frames;
        if (step.Frames == 0)
            looks.Add(0);
        if (LookEvery > 0 && step.Frames / LookEvery != after / LookEvery)
            looks.Add(after);
        if (batch.IsLast)
            looks.Add(after);

        return looks;
    }

    private ReadOnlySpan<int> Rows(int count)
    {
        if (_rows.Length < count)
            _rows = [.. Enumerable.Range(0, count)];

        return _rows.AsSpan(0, count);
    }
}
