using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

/// <summary>What is known to be wrong before the first feature is computed.</summary>
public sealed class DryRunTests
{
    private readonly FakeMachine _machine = new();

    [Fact]
    public void A_machine_that_has_all_gives_no_findings() => Assert.Empty(Find());

    [Theory]
    [InlineData("data/cv", "'corpus.cv.dir': there is no folder 'data/cv'")]
    [InlineData("data/cv/wav.scp", "'corpus.cv.dir': data/cv: a data directory has wav.scp")]
    [InlineData("ali/ali.1.gz", "'corpus.train.alignments': ali: no alignments")]
    [InlineData("ali_cv/final.mdl", "'corpus.cv.alignments': there is no 'ali_cv/final.mdl' with the alignments")]
    public void What_is_missing_is_named_with_its_key(string missing, string expected)
    {
        _machine.Missing.Add(missing);

        Assert.StartsWith(expected, Assert.Single(Find()), StringComparison.Ordinal);
    }

    [Fact]
    public void Audio_of_another_rate_is_found_in_the_first_files_of_each_set()
    {
        foreach (var file in _machine.Audio)
            _machine.Rates[file] = 8000;

        var found = Find();

        Assert.Equal(2, found.Count);
        const string Expected = "'corpus.train.dir': a.wav: the audio has 8000 Hz, and features are made for 16000 Hz";
        Assert.StartsWith(Expected, found[0], StringComparison.Ordinal);
        Assert.Equal(["a.wav", "b.wav", "c.wav", "a.wav", "b.wav", "c.wav"], _machine.Asked);
        Assert.Empty(Find("features.allow-upsample=true"));
        Assert.Empty(Find("features.sample-frequency=8000"));
    }

    [Fact]
    public void One_bad_recording_among_the_first_is_left_to_the_run_and_three_are_not()
    {
        _machine.Rates["a.wav"] = 0;
        _machine.Rates["b.wav"] = 8000;
        Assert.Empty(Find());

        _machine.Rates["b.wav"] = _machine.Rates["c.wav"] = 0;
        Assert.StartsWith(
            "'corpus.train.dir': the first recordings cannot be used; utterance 'u0': a.wav: is no audio",
            Find()[0],
            StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_in_place_of_audio_are_not_run()
    {
        _machine.Audio = ["sox a.mp3 -t wav - |", "x.ark:17"];

        Assert.Empty(Find());
        Assert.Empty(_machine.Asked);
    }

    [Theory]
    [InlineData("cuda", 0, false)]
    [InlineData("cuda", 1, true)]
    [InlineData("cuda:1", 1, false)]
    [InlineData("cuda:1", 2, true)]
    [InlineData("auto", 0, true)]
    [InlineData("cpu", 0, true)]
    public void A_device_that_is_not_there_is_found(string device, int there, bool isRight)
    {
        _machine.CudaDevices = there;

        var found = Find($"train.device={device}");

        Assert.Equal(isRight ? 0 : 1, found.Count);
        Assert.All(found, line => Assert.Contains($"libtorch sees {there} CUDA devices here", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_disk_must_have_room_for_the_checkpoints_of_this_network()
    {
        // 23 bins spliced to 11 frames, 16, 16, 10 classes: 4,506 parameters.
        _machine.Room = 5_000_000;
        Assert.Empty(Find());

        var found = Find("model.0.affine.dim=4096");

        const string Expected = "'output': the disk of 'exp/toy' has room for 5 MB, and checkpoints and model need ";
        Assert.StartsWith(Expected, Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_a_runs_and_layers_that_do_not_fit_are_found()
    {
        Assert.StartsWith("'model': softmax has 7 classes", Assert.Single(Find("model=[{softmax: {dim: 7}}]")), StringComparison.Ordinal);

        _machine.Problem = "holds files";
        Assert.Equal("'output': 'exp/toy': holds files", Assert.Single(Find()));
    }

    [Fact]
    public void Sets_of_decoding_alone_are_looked_at_when_something_is_decoded()
    {
        _machine.Missing.Add("data/test/wav.scp");
        var text = Some.Recipe.Replace("model:", "  test: {dir: data/test}\nmodel:", StringComparison.Ordinal);

        Assert.Empty(RecipeCheck.All(Some.Read(text), _machine));
        Assert.StartsWith(
            "toy.yaml:5: 'corpus.test.dir': data/test: a data directory",
            Assert.Single(RecipeCheck.All(Some.Read(text + "\ndecode: {graph: g}"), _machine)).ToString(),
            StringComparison.Ordinal);
    }

    private List<string> Find(params string[] overrides) =>
    [
        .. RecipeCheck.All(Some.Read(Some.Recipe, overrides), _machine)
            .Select(finding => finding.ToString().Replace($"{finding.Origin.Place}: '", "'", StringComparison.Ordinal)),
    ];
}
