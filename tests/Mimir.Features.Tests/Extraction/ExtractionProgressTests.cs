using Mimir.Features.Extraction;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.Features.Tests.Extraction;

public sealed class ExtractionProgressTests
{
    [Fact]
    public void Add_tells_the_real_time_factor_twice_a_second_at_most()
    {
        var clock = new Clock();
        var lines = new List<string>();
        var progress = new ExtractionProgress(clock, lines.Add);

        for (var i = 0; i < 20; i++)
        {
            clock.Ticks += TimeSpan.TicksPerSecond / 10;
            progress.Add(180);
        }

        Assert.Equal(["1 utterances, 0.05 h of audio, 1800 x real time", "6 utterances, 0.30 h of audio, 1800 x real time"], lines[..2]);
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public void Progress_is_written_over_by_the_next_line_on_a_terminal_and_nowhere_else()
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        using var file = new StringWriter { NewLine = "\n" };

        foreach (var log in new[] { new KaldiLog("tool", terminal, isTerminal: true), new KaldiLog("tool", file) })
        {
            log.Progress("half");
            log.Log("done");
        }

        Assert.Equal("\r\e[Khalf\r\e[KLOG (tool) done\n", terminal.ToString());
        Assert.Equal("LOG (tool) done\n", file.ToString());
    }

    private sealed class Clock : TimeProvider
    {
        public long Ticks { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Ticks;
    }
}
