using Mimir.Base;
using Mimir.Base.Options;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Tests.CommandLine;

public class KaldiOptionParserTests
{
    private readonly Sample _options = new();

    [Fact]
    public void Parse_takes_options_in_kaldis_forms()
    {
        var rest = Parser().Parse(["--use_energy", "--Num-Mel-Bins=40", "--low-freq=-1.5", "--verbose=2", "scp:a", "--low-freq=9"]);

        Assert.Equal(new Sample { UseEnergy = true, Bins = 40, Low = -1.5f }, _options);
        Assert.Equal(["scp:a", "--low-freq=9"], rest);
    }

    [Fact]
    public void Parse_lets_the_command_line_win_over_the_configuration()
    {
        var config = Path.GetTempFileName();
        File.WriteAllText(config, "# features\n--num-mel-bins=30 # more\n\n--low-freq=50\n");

        Parser().Parse(["--num-mel-bins=40", $"--config={config}"]);

        File.Delete(config);
        Assert.Equal((40, 50f), (_options.Bins, _options.Low));
    }

    [Theory]
    [InlineData("--num-mel-bin=3", "unknown option --num-mel-bin; the nearest is --num-mel-bins.")]
    [InlineData("--num-mel-bins=x", "option --num-mel-bins: expected a whole number, got 'x'.")]
    [InlineData("--num-mel-bins=2", "option --num-mel-bins: expected 3 or more, got 2.")]
    [InlineData("--num-mel-bins", "option --num-mel-bins needs a value: --num-mel-bins=VALUE.")]
    [InlineData("--use-energy=maybe", "option --use-energy: expected true or false, got 'maybe'.")]
    [InlineData("--format=sphinx", "option --format: expected kaldi or htk, got 'sphinx'.")]
    public void Parse_of_bad_option_says_why(string argument, string reason) =>
        Assert.Equal(reason, Assert.Throws<InputException>(() => Parser().Parse([argument])).Message);

    [Fact]
    public void Parse_of_a_bad_configuration_says_where()
    {
        var config = Path.GetTempFileName();
        File.WriteAllText(config, "--use-energy\n--num-mel-bins=x\n");

        var failure = Assert.Throws<InputException>(() => Parser().Parse([$"--config={config}"]));

        File.Delete(config);
        Assert.Equal($"{config}:2: option --num-mel-bins: expected a whole number, got 'x'.", failure.Message);
    }

    [Fact]
    public void Parse_of_help_stops()
    {
        var parser = Parser();

        parser.Parse(["--nonsense", "--help"]);

        Assert.True(parser.HelpRequested);
    }

    [Fact]
    public void Help_has_every_option_with_type_and_default()
    {
        var help = Parser().Help();

        Assert.StartsWith("A tool.\n\nOptions:\n  --config ", help, StringComparison.Ordinal);
        Assert.EndsWith(
            "\n  --use-energy                  : Add energy. (bool, default = false)"
            + "\n  --num-mel-bins                : Number of bins. (int, default = 23)"
            + "\n  --low-freq                    : Low cutoff. (float, default = 20)"
            + "\n  --format                      : Format of the files. (string, default = \"kaldi\")\n",
            help,
            StringComparison.Ordinal);
    }

    private KaldiOptionParser Parser() => new("A tool.", _options);

    public enum Format
    {
        Kaldi,
        Htk,
    }

    private sealed record Sample
    {
        /// <summary>Add energy.</summary>
        [Option("use-energy")]
        public bool UseEnergy { get; init; }

        /// <summary>Number of bins.</summary>
        [Option("num-mel-bins", Min = 3)]
        public int Bins { get; init; } = 23;

        /// <summary>Low cutoff.</summary>
        [Option("low-freq")]
        public float Low { get; init; } = 20;

        /// <summary>Format of the files.</summary>
        [Option("format")]
        public Format Format { get; init; }
    }
}
