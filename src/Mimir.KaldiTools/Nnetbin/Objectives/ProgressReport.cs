namespace Mimir.KaldiTools.Nnetbin.Objectives;

/// <summary>Tells the loss of every some hours of speech, as frames of 10 milliseconds.</summary>
/// <param name="name">What Kaldi calls the loss.</param>
/// <param name="every">The frames between two reports; 0 for none.</param>
/// <param name="log">Receives them.</param>
/// <param name="time">The clock of speeds; null leaves them out.</param>
internal sealed class ProgressReport(string name, int every, KaldiLog log, TimeProvider? time)
{
    private const int FramesPerHour = 100 * 3600;

    private readonly List<double> _losses = [];
    private readonly long _start = time?.GetTimestamp() ?? 0;
    private double _frames;
    private double _allFrames;
    private double _loss;
    private double _lastSeconds;

    /// <summary>Gets the line of all losses that were told.</summary>
    public string Line => $"progress: [{Digits.List(_losses)}]\n";

    /// <summary>Adds a batch.</summary>
    public void Add(double frames, double loss)
    {
        _frames += frames;
        _allFrames += frames;
        _loss += loss;
        if (every <= 0 || _frames <= every)
            return;

        log.Log($"ProgressLoss[last {(int)(_frames / FramesPerHour)}h of {(int)(_allFrames / FramesPerHour)}h]: "
            + $"{Digits.Of(_loss / _frames)} ({name}){Speed()}");
        _losses.Add((float)(_loss / _frames));
        (_frames, _loss) = (0, 0);
    }

    private string Speed()
    {
        if (time is null)
            return "";

        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        var speed = _frames / (seconds - _lastSeconds);
        _lastSeconds = seconds;
        return $", fps={Digits.Of(speed)}, elapsed {Digits.Of(seconds / 3600, 3)}h";
    }
}
