namespace Mimir.KaldiTools.Tests;

public class KaldiOptionParserTests
{
    private bool _energy;
    private int _bins = 23;
    private float _low = 20;

    [Fact]
    public void Parse_takes_options_in_kaldis_forms()
    {
        var rest = Parser().Parse(["--use_energy", "--Num-Mel-Bins=40", "--low-freq=-1.5", "--verbose=2", "scp:a", "--low-freq=9"]);

        Assert.True(_energy);
        Assert.Equal((40, -1.5f), (_bins, _low));
        Assert.Equal(["scp:a", "--low-freq=9"], rest);
    }

    [Fact]
    public void Parse_lets_the_command_line_win_over_the_configuration()
    {
        var config = Path.GetTempFileName();
        File.WriteAllText(config, "# features\n--num-mel-bins=30 # more\n\n--low-freq=50\n");

        Parser().Parse(["--num-mel-bins=40", $"--config={config}"]);

        File.Delete(config);
        Assert.Equal((40, 50f), (_bins, _low));
    }

    [Theory]
    [InlineData("--num-mel-bin=3", "--num-mel-bins")]
    [InlineData("--num-mel-bins=x", "expected an integer")]
    [InlineData("--num-mel-bins", "needs a value")]
    [InlineData("--use-energy=maybe", "true or false")]
    public void Parse_of_bad_option_says_why(string argument, string reason) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => Parser().Parse([argument])).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_of_help_stops()
    {
        var parser = Parser();

        parser.Parse(["--nonsense", "--help"]);

        Assert.True(parser.HelpWanted);
        Assert.Contains("--num-mel-bins", parser.Help(), StringComparison.Ordinal);
    }

    private KaldiOptionParser Parser()
    {
        var parser = new KaldiOptionParser("A tool.");
        parser.AddBool("use-energy", false, "Add energy", value => _energy = value);
        parser.AddInt("num-mel-bins", 23, "Number of bins", value => _bins = value);
        parser.AddFloat("low-freq", 20, "Low cutoff", value => _low = value);
        return parser;
    }
}
