using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests;

/// <summary>Every command in a process of its own: output and exit codes.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task Kaldi_lists_its_programs_and_runs_one_to_standard_output()
    {
        _corpus.WriteAudio(16000);
        var list = RunAsync("kaldi");
        var unknown = RunAsync("kaldi", "compute-fbank-feat");
        var fbank = RunAsync("kaldi", "compute-fbank-feats", "--num-mel-bins=5", $"scp:{_corpus.At("cv/wav.scp")}", "ark,t:-");

        Assert.Contains("  compute-fbank-feats ", (await list).Succeeded().Output, StringComparison.Ordinal);
        (await unknown).Refused("compute-fbank-feat", "did you mean 'compute-fbank-feats'?");
        (await RunAsync("kaldi", "--allow-pipe", "copy-feats")).Refused("there is no option '--allow-pipe'", "--allow-pipes");
        (await RunAsync("kaldi", "--links")).Refused("--links: expected the folder");
        var lines = (await fbank).Succeeded().Output.Split('\n');
        Assert.StartsWith("cv-000  [", lines[0], StringComparison.Ordinal);
        Assert.Equal(5, lines[1].TrimEnd(']', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Kaldi_links_run_under_the_names_of_the_programs()
    {
        _corpus.WriteAudio(16000);
        var folder = _corpus.At("bin");
        (await RunAsync("kaldi", "--allow-pipes", "--links", folder)).Succeeded();
        var again = await RunAsync("kaldi", "--allow-pipes", "--links", folder);
        using var process = MimirProcess.StartOther(
            Path.Combine(folder, "compute-fbank-feats"), _corpus.Folder, $"scp:cat {_corpus.At("cv/wav.scp")} |", "ark,t:-");
        var outcome = await MimirProcess.EndOfAsync(process);
        File.WriteAllText(Path.Combine(folder, "copy-feats"), "another");
        var refused = await RunAsync("kaldi", "--links", folder);

        again.Succeeded();
        Assert.StartsWith("cv-000  [", outcome.Succeeded().Output, StringComparison.Ordinal);
        refused.Refused("copy-feats", "another program");
        Assert.Equal("another", File.ReadAllText(Path.Combine(folder, "copy-feats")));
    }

    [Fact]
    public async Task Features_makes_a_data_directory_of_copies_and_refuses_what_it_cannot_use()
    {
        _corpus.WriteAudio(16000);
        var made = RunAsync("features", _corpus.At("cv"), "--output", _corpus.At("sp"), "--num-mel-bins=8", "--speed", "0.9,1.0", "--cmvn");
        var wrong = RunAsync("features", _corpus.At("cv"), "--output", _corpus.At("no"), "--sample-frequency=8000");
        var ratio = RunAsync("features", _corpus.At("cv"), "--output", _corpus.At("no"), "--snr", "loud");

        Assert.Contains("12 of 12 utterances", (await made).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("x real time", (await made).Output, StringComparison.Ordinal);
        Assert.Equal(12, File.ReadAllLines(_corpus.At("sp/feats.scp")).Length);
        Assert.Contains("sp0.9-cv-000 ", File.ReadAllText(_corpus.At("sp/utt2spk")), StringComparison.Ordinal);
        (await wrong).Refused("8000", "16000", "--max-dropped");
        (await ratio).Refused("'loud'");
        Assert.Empty(_corpus.Leftovers);
    }

    [Fact]
    public async Task Recipe_commands_print_what_they_promise()
    {
        var check = RunAsync("recipe", "check", _corpus.Recipe);
        var wrong = RunAsync("recipe", "check", _corpus.Recipe, "--set", "corpus.cv.dir=gone");
        var show = RunAsync("recipe", "show", _corpus.Recipe, "--set", "seed=9");
        var keys = RunAsync("recipe", "keys");
        var schema = RunAsync("recipe", "schema");

        Assert.Contains("nothing is wrong", (await check).Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(1, (await wrong).ExitCode);
        Assert.Contains("'corpus.cv.dir'", (await wrong).Errors, StringComparison.Ordinal);
        Assert.Contains("seed: 9", (await show).Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("shuffle-window", (await keys).Succeeded().Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await schema).Succeeded().Output);
        Assert.Equal("Mimir recipe", json.RootElement.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Score_prints_the_error_rate()
    {
        File.WriteAllText(_corpus.At("ref"), "u1 a b c\nu2 d\n");
        File.WriteAllText(_corpus.At("hyp"), "u1 a x c\nu2 d\n");

        var outcome = await RunAsync("score", _corpus.At("ref"), _corpus.At("hyp"));

        Assert.Contains("%WER 25.00 [ 1 / 4, 0 ins, 0 del, 1 sub ]", outcome.Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_shows_runs_and_writes_a_page()
    {
        _corpus.WriteGraph();
        File.AppendAllText(_corpus.Recipe, _corpus.DecodeSection);
        foreach (var rate in (string[])["0.01", "0.002"])
        {
            (await RunAsync(
                "train", _corpus.Recipe, "--set", $"output={_corpus.At("rate-" + rate)}", "--set", $"train.optimiser.sgd.rate={rate}",
                "--set",
                "train.schedule.constant.epochs=2")).Succeeded();
        }

        var outcome = (await RunAsync("compare", _corpus.At("rate-0.01"), _corpus.At("rate-0.002"), "--html", _corpus.At("page.html")))
            .Succeeded();

        Assert.Contains("1  rate-0.01   alone", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("WER of cv against rate-0.01 (6 utterances", outcome.Output, StringComparison.Ordinal);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(_corpus.At("page.html")), StringComparison.Ordinal);
        (await RunAsync("compare", _corpus.At("rate-0.01"), _corpus.Folder)).Refused("expected the folder of a finished run");
        (await RunAsync("compare", _corpus.At("rate-0.01"), "--set", "test")).Refused("the set 'test' was not decoded; decoded are cv");
    }

    [Fact]
    public async Task Ledger_exits_0_when_it_is_sound_and_1_when_an_utterance_was_used_twice()
    {
        Directory.CreateDirectory(_corpus.At("run"));
        File.WriteAllText(_corpus.At("run/ledger.corpus"), "a 10\nb 20\n");
        const string Sound = "{\"epoch\":1,\"event\":\"begin\",\"utterances\":2,\"frames\":30}\n"
            + "{\"epoch\":1,\"utterance\":\"a\",\"rank\":0,\"step\":1,\"frames\":10}\n";
        File.WriteAllText(_corpus.At("run/ledger.jsonl"), Sound);
        var sound = (await RunAsync("ledger", _corpus.At("run"))).Succeeded();
        File.AppendAllText(_corpus.At("run/ledger.jsonl"), Sound.Split('\n')[1] + "\n");
        var doubled = await RunAsync("ledger", _corpus.At("run"));

        Assert.Contains("epoch 1: 1 of 2 utterances, 10 frames (worker 0 1); 1 still to come", sound.Output, StringComparison.Ordinal);
        Assert.Equal(1, doubled.ExitCode);
        Assert.Contains("line 3: a doubled, first in line 2", doubled.Output, StringComparison.Ordinal);
        (await RunAsync("ledger", _corpus.Folder)).Refused("ledger.jsonl: no such file");
    }

    [Fact]
    public async Task Decode_ark_finds_the_words_of_scores_without_doubt()
    {
        _corpus.WriteGraph();
        _corpus.WriteScores(_corpus.At("scores.txt"));

        var outcome = await RunAsync(
            "decode", "ark", $"ark:{_corpus.At("scores.txt")}", "--graph", _corpus.At("graph"), "--transition-model",
            _corpus.At("ali/final.mdl"),
            "--out", _corpus.At("decoded"), "--text", _corpus.At("cv/text"));

        Assert.Contains("%WER 0.00 [ 0 / 48,", outcome.Succeeded().Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllLines(_corpus.At("cv/text")), File.ReadAllLines(_corpus.At("decoded/hyp.txt")));
    }

    [Fact]
    public async Task Train_decodes_and_says_the_error_rate()
    {
        _corpus.WriteGraph();
        File.AppendAllText(_corpus.Recipe, _corpus.DecodeSection);

        var outcome = await RunAsync("train", _corpus.Recipe);

        Assert.Contains("%WER", outcome.Succeeded().Output, StringComparison.Ordinal);
        Assert.Contains("frame accuracy", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\d{3},\d{3},\d{3} frames/s", outcome.Errors);
    }

    [Fact]
    public async Task Quiet_shows_results_and_errors_only()
    {
        var trained = await RunAsync("train", _corpus.Recipe, "--quiet");
        var refused = await RunAsync("--quiet", "train", _corpus.At("none.yaml"));

        Assert.Contains("frame accuracy", trained.Succeeded().Output, StringComparison.Ordinal);
        Assert.Empty(trained.Errors);
        refused.Refused("none.yaml");
    }

    [Fact]
    public async Task Doctor_finds_what_training_needs()
    {
        var outcome = await RunAsync("doctor");

        Assert.Contains("libtorch", outcome.Succeeded().Output, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("sse2")]
    [InlineData("avx2")]
    public async Task Narrower_instructions_can_be_asked_for_and_train(string instructions)
    {
        if (instructions == "avx2" && !Fma.IsSupported)
            return;

        var variables = new Dictionary<string, string> { ["MIMIR_ISA"] = instructions };
        using var doctor = MimirProcess.StartIn(_corpus.Folder, variables, "doctor");
        using var train = MimirProcess.StartIn(_corpus.Folder, variables, "train", _corpus.Recipe);

        Assert.Contains(instructions, (await MimirProcess.EndOfAsync(doctor)).Succeeded().Output, StringComparison.Ordinal);
        _ = (await MimirProcess.EndOfAsync(train)).Succeeded();
    }

    private Task<MimirProcess.Outcome> RunAsync(params string[] arguments) => MimirProcess.RunAsync(_corpus.Folder, arguments);
}
