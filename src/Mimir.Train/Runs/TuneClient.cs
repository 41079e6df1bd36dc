using Mimir.Base;
using Mimir.Train.Tuning;

namespace Mimir.Train.Runs;

/// <summary>Sends a request to a running job and waits for its answer: the user's side of <c>mimir tune</c>.</summary>
/// <param name="time">The clock of the request and of the wait.</param>
public sealed class TuneClient(TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Sends a request and waits for the answer.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="changes">Each <c>key=value</c>.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="InputException">No run goes on there, or it ended without an answer, or none came in time.</exception>
    public async Task<TuneAnswer> RequestAsync(string run, IReadOnlyList<string> changes, TimeSpan timeout, CancellationToken cancellation)
    {
        var (place, folder) = (new RunFolder(run), new TuneFolder(run));
        if (!place.IsLocked)
            throw new InputException($"no run is going on in {run}");
        if (!folder.IsOpen)
            throw new InputException($"the run in {run} does not train now: it loads its data, or decodes");

        var began = time.GetTimestamp();
        var number = folder.Post(new(time.GetUtcNow(), changes));
        while (true)
        {
            if (folder.AnswerTo(number) is { } answer)
                return answer;
            if (!place.IsLocked)
            {
                return folder.AnswerTo(number)
                    ?? throw new InputException($"the run in {run} has ended before it answered; nothing has changed");
            }

            if (time.GetElapsedTime(began) > timeout)
            {
                throw new InputException(
                    $"the run in {run} has not answered within {timeout.TotalSeconds:0} s; the request stands, and the answer will be "
                    + $"in its log and in {folder.Path}");
            }

            await Task.Delay(PollInterval, time, cancellation).ConfigureAwait(false);
        }
    }
}
