using System.Text.Json;
using Mimir.Cli.Tests.Support;
using Mimir.Features.Audio;

namespace Mimir.Cli.Tests.Commands;

/// <summary><c>mimir transcribe</c> and <c>mimir package</c> as they are typed, after a run of a second.</summary>
public sealed class TranscribeTests(TranscribeTests.TrainedCorpus trained) : IClassFixture<TranscribeTests.TrainedCorpus>
{
    private readonly TinyCorpus _corpus = trained.Corpus;

    [Fact]
    public async Task A_folder_becomes_lines_of_text_and_of_words()
    {
        var text = (await RunAsync("transcribe", "audio", "--model", "exp")).Succeeded();
        var ctm = (await RunAsync("transcribe", "audio", "--model", "exp", "--ctm", "--quiet")).Succeeded();

        var lines = text.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["one", "two"], lines.Select(line => line.Split(' ')[0]));
        Assert.Contains("2/2 recordings", text.Errors, StringComparison.Ordinal);
        Assert.Empty(ctm.Errors);
        var words = ctm.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        Assert.All(words, word => Assert.Equal(6, word.Length));
        Assert.Equal(
            lines, words.GroupBy(word => word[0]).Select(group => $"{group.Key} {string.Join(' ', group.Select(word => word[4]))}"));
    }

    [Fact]
    public async Task Json_has_the_form_of_its_example_and_names_what_failed()
    {
        var outcome = await RunAsync("transcribe", "audio/one.wav", "bad.wav", "--model", "exp", "--json", "--quiet");

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith("mimir: bad.wav: ", outcome.Errors, StringComparison.Ordinal);
        Assert.Single(outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var result = JsonDocument.Parse(outcome.Output).RootElement;
        JsonForms.HasFormOf("transcribe", result);
        Assert.Equal("one", result.GetProperty("recordings")[0].GetProperty("id").GetString());
        Assert.Equal("bad.wav", result.GetProperty("failures")[0].GetProperty("source").GetString());
    }

    [Fact]
    public async Task A_package_transcribes_standard_input_where_nothing_else_is()
    {
        using var elsewhere = new TemporaryFolder();
        var package = elsewhere.At("tiny.package");
        var made = (await RunAsync("package", "exp", "--out", package)).Succeeded();
        var here = (await RunAsync("transcribe", "audio/one.wav", "--model", "exp", "--quiet")).Succeeded();

        using var process = MimirProcess.StartOther(
            "sh", elsewhere.Path, "-c",
            $"dotnet '{MimirProcess.Program}' transcribe - --model tiny.package --quiet < '{_corpus.At("audio/one.wav")}'");
        var piped = (await MimirProcess.EndOfAsync(process)).Succeeded();

        Assert.Contains($"next: mimir transcribe AUDIO --model {package}", made.Output, StringComparison.Ordinal);
        Assert.Equal(here.Output, piped.Output.Replace("stdin ", "one ", StringComparison.Ordinal));
        (await RunAsync("package", "exp", "--out", "audio")).Refused("audio: holds files that Mimir has not made");
    }

    [Fact]
    public async Task A_stream_is_followed_through_a_pipe_to_the_words_of_the_recording()
    {
        var whole = (await RunAsync("transcribe", "audio/one.wav", "--model", "exp", "--quiet")).Succeeded();
        var words = whole.Output.Trim().Split(' ')[1..];

        // The header of the WAV is left out, and the samples come in two parts.
        using var process = MimirProcess.StartOther(
            "sh", _corpus.Folder, "-c",
            "{ tail -c +45 audio/one.wav | head -c 3001; sleep 0.1; tail -c +3046 audio/one.wav; } | "
                + $"dotnet '{MimirProcess.Program}' transcribe - --stream --raw 16000 --model exp --json");
        var piped = (await MimirProcess.EndOfAsync(process)).Succeeded();
        var text = (await RunAsync("transcribe", "audio/one.wav", "--stream", "--model", "exp", "--quiet")).Succeeded();
        var ctm = (await RunAsync("transcribe", "audio/one.wav", "--stream", "--model", "exp", "--quiet", "--ctm")).Succeeded();

        var lines = piped.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        JsonForms.HasFormOf("transcribe --stream", [.. lines]);
        Assert.Equal([.. Enumerable.Repeat(false, lines.Count - 1), true], lines.Select(line => line.GetProperty("final").GetBoolean()));
        Assert.Equal(string.Join(' ', words), lines[^1].GetProperty("text").GetString());
        Assert.Contains("the graph does not say which phones are silence", piped.Errors, StringComparison.Ordinal);
        Assert.Equal(words, text.Output.Trim().Split(' ')[1..]);
        Assert.StartsWith("one-0000000-", text.Output, StringComparison.Ordinal);
        Assert.Equal(words, ctm.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[4]));
    }

    [Fact]
    public async Task A_folder_of_subtitles_is_written_and_not_replaced_unasked()
    {
        using var output = new TemporaryFolder();
        string[] command = ["transcribe", "audio", "--model", "exp", "--srt", "--out", output.At("new/subtitles")];

        var written = (await RunAsync(command)).Succeeded();

        Assert.Empty(written.Output);
        Assert.Equal(
            ["one.srt", "two.srt"],
            Directory.EnumerateFiles(output.At("new/subtitles")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.StartsWith("1\n00:00:0", File.ReadAllText(output.At("new/subtitles/one.srt")), StringComparison.Ordinal);
        (await RunAsync(command)).Refused("one.srt: exists and 1 more", "--overwrite");
        (await RunAsync([.. command, "--overwrite"])).Succeeded();
    }

    [Theory]
    [InlineData("audio --model gone", "gone: there is no such folder")]
    [InlineData("audio --model audio", "audio: expected a run with recipe.yaml and model/, or a package with package.yaml")]
    [InlineData("nothing --model exp", "nothing: there is no such file")]
    [InlineData("empty --model exp", "empty: there is no audio in this folder")]
    [InlineData("audio --model exp --srt", "--srt: 2 recordings are not one file of subtitles")]
    [InlineData("audio --model exp --set decode.graph=gone", "gone: there is no such folder, which decode.graph")]
    [InlineData("audio --model exp --set decode.beam=0", "decode.beam")]
    [InlineData("audio/one.wav --model exp --channel 3", "audio/one.wav: expected channel 3, the audio has 1")]
    [InlineData("audio/one.wav --model exp --stream --channel 3", "audio/one.wav: expected channel 3, the audio has 1")]
    [InlineData("bad.wav --model exp --stream", "bad.wav: expected a WAV")]
    [InlineData("nothing.wav --model exp --stream", "nothing.wav")]
    public async Task What_cannot_be_done_is_told_in_one_line(string arguments, string message)
    {
        Directory.CreateDirectory(_corpus.At("empty"));

        (await RunAsync(["transcribe", "--quiet", .. arguments.Split(' ')])).Refused(message);
    }

    [Theory]
    [InlineData("audio --model exp --srt --json", "--ctm, --srt and --json exclude each other")]
    [InlineData("audio --model exp --overwrite", "--overwrite goes with --out")]
    [InlineData("audio --model exp --max-segment 0.5", "--max-segment: expected a number from 1 to 3600")]
    [InlineData("audio", "--model")]
    [InlineData("audio one.wav --model exp --stream", "--stream follows one recording")]
    [InlineData("audio --model exp --stream --srt", "--stream prints text, --ctm or --json lines, no files")]
    [InlineData("audio --model exp --raw 16000", "--raw goes with --stream")]
    public async Task Wrong_command_lines_exit_with_2(string arguments, string message)
    {
        var outcome = await RunAsync(["transcribe", .. arguments.Split(' ')]);

        Assert.Equal(2, outcome.ExitCode);
        Assert.Contains(message, outcome.Errors, StringComparison.Ordinal);
    }

    private Task<MimirProcess.Outcome> RunAsync(params string[] arguments) => MimirProcess.RunAsync(_corpus.Folder, arguments);

    /// <summary>A run on noise, which knows nothing and says something.</summary>
    public sealed class TrainedCorpus : IAsyncLifetime
    {
        public TinyCorpus Corpus { get; } = new();

        public async Task InitializeAsync()
        {
            Corpus.WriteAudio(16000);
            Corpus.WriteGraph();
            File.WriteAllText(Corpus.Recipe, Corpus.AudioRecipeText + Corpus.DecodeSection);
            (await MimirProcess.RunAsync(Corpus.Folder, "train", Corpus.Recipe, "--set", "train.schedule.constant.epochs=1")).Succeeded();
            Directory.CreateDirectory(Corpus.At("audio"));
            File.Copy(Corpus.At("cv-000.wav"), Corpus.At("audio/one.wav"));
            File.Copy(Corpus.At("cv-001.wav"), Corpus.At("audio/two.wav"));
            File.WriteAllText(Corpus.At("bad.wav"), "no audio");
            Assert.True(SoundFile.Info(Corpus.At("audio/one.wav")).Frames > 0);
        }

        public Task DisposeAsync()
        {
            Corpus.Dispose();
            return Task.CompletedTask;
        }
    }
}
