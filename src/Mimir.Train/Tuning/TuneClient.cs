using Mimir.Train.Runs;

namespace Mimir.Train.Tuning;

/// <summary>Asks a running job to change something, and waits for what it says: the user's side of <c>mimir tune</c>.</summary>
/// <param name="time">The clock of the request and of the wait.</param>
public sealed class TuneClient(TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks, and waits for the answer.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="changes">Each <c>key=value</c>.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="IOException">No run goes on there, or it ended without an answer, or none came in time.</exception>
    public async Task<TuneAnswer> RequestAsync(string run, IReadOnlyList<string> changes, TimeSpan patience, CancellationToken cancellation)
    {
        var (place, folder) = (new RunFolder(run), new TuneFolder(run));
        if (!place.IsTaken)
            throw new IOException($"no run is going on in {run}");
        if (!folder.IsOpen)
            throw new IOException($"the run in {run} does not train now: it loads its data, or decodes");

        var began = time.GetTimestamp();
        var number = folder.Ask(new(time.GetUtcNow(), changes));
        while (true)
        {
            if (folder.AnswerTo(number) is { } answer)
                return answer;
            if (!place.IsTaken)
            {
                return folder.AnswerTo(number)
                    ?? throw new IOException($"the run in {run} has ended before it answered; nothing has changed");
            }

            if (time.GetElapsedTime(began) > patience)
            {
                throw new IOException(
                    $"the run in {run} has not answered within {patience.TotalSeconds:0} s; the request stands, and the answer will be "
                    + $"in its log and in {folder.Path}");
            }

            await Task.Delay(Glance, time, cancellation).ConfigureAwait(false);
        }
    }
}
