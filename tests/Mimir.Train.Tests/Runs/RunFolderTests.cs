using Mimir.Core.Models;
using Mimir.Train.Runs;

namespace Mimir.Train.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("mimir-folder-").FullName;

    private RunFolder Run => new(At("exp"));

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("recipe.yaml")]
    [InlineData("a.tmp")]
    [InlineData("model/final.nnet")]
    [InlineData("checkpoints/001-000001/notes")]
    [InlineData("log.jsonl")]
    [InlineData("workers/notes")]
    [InlineData("thesis.tex")]
    public void Lock_of_a_folder_of_somebody_else_is_refused_and_changes_nothing(string file)
    {
        Write($"exp/{file}", "mine\n");
        var before = Files();

        var error = Assert.Throws<IOException>(Run.Lock);

        Assert.Contains($"({file.Split('/')[0]})", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Files());
        Assert.NotNull(Run.Problem());
    }

    [Fact]
    public void Lock_takes_an_empty_folder_its_own_one_and_that_of_an_earlier_version()
    {
        Directory.CreateDirectory(At("exp"));
        Run.Lock().Dispose();
        Write("exp/notes", "mine");
        Run.Lock().Dispose();

        File.Delete(At("exp/.mimir-run"));
        Assert.Throws<IOException>(Run.Lock);
        Write("exp/log.jsonl", """{"event":"run-start","time":"2026-11-30T00:00:00+00:00","name":"x"}""" + "\n");
        Run.Lock().Dispose();

        Assert.Null(Run.Problem());
        Assert.Equal("mine", File.ReadAllText(At("exp/notes")));
    }

    [Fact]
    public void Lock_removes_what_a_killed_process_left_and_nothing_else()
    {
        Run.Lock().Dispose();
        string[] left =
        [
            "summary.json.12.tmp", "model.12.part", "model.12.tmp/graph.json", "checkpoints/.002-000004.tmp/model.f32",
            "decode/test/hyp.txt.12.tmp",
        ];
        string[] mine = ["a.tmp", "notes.12.tmp", "summary.json.tmp", "model.old.part", "checkpoints/.mine.tmp/a", "decode/test/a.12.tmp"];
        Array.ForEach([.. left, .. mine], file => Write($"exp/{file}", ""));

        Run.Lock().Dispose();

        Assert.Equal([.. mine.Append(".mimir-run").Order(StringComparer.Ordinal)], Files());
    }

    [Fact]
    public void Clear_removes_what_a_run_makes_and_nothing_else()
    {
        Run.Lock().Dispose();
        string[] made =
        [
            "recipe.yaml", "summary.json", "log.jsonl", "mimir.log", "report.html", "ledger.jsonl", "checkpoints/002-000004/model.f32",
            "tensorboard/events.out.tfevents.0000000001.mimir.0", "tune/0001.request.json", "tune/open", "decode/test/hyp.txt",
            "decode/test/cer_table",
        ];
        string[] mine =
        [
            "notes", "checkpoints/best/model.f32", "tensorboard/mine", "decode/test/analysis.txt", "decode/README", "tune/diary",
            "model/mine", "results/a",
        ];
        Array.ForEach([.. made, .. mine], file => Write($"exp/{file}", "[1]"));
        CheckedFolder.Write(At("exp/other"), new Dictionary<string, Action<Stream>> { ["history.json"] = stream => stream.Write("[1]"u8) });
        foreach (var file in Directory.GetFiles(At("exp/other")))
            File.Move(file, Path.Combine(At("exp/model"), Path.GetFileName(file)));
        Directory.Delete(At("exp/other"));

        Run.Clear();

        Assert.Equal([.. mine.Append(".mimir-run").Order(StringComparer.Ordinal)], Files());
    }

    private string At(string path) => Path.Combine(_root, path);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    private string[] Files() =>
    [
        .. Directory.EnumerateFiles(At("exp"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => Path.GetRelativePath(At("exp"), file))
            .Order(StringComparer.Ordinal),
    ];
}
