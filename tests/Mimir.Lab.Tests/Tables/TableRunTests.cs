using Mimir.Base;
using Mimir.Lab.Comparison;
using Mimir.Lab.Tables;
using Mimir.Lab.Tests.Comparison;
using Mimir.Train.Recipes;
using Mimir.Train.Reports;
using Mimir.Train.Training;

namespace Mimir.Lab.Tests.Tables;

public sealed class TableRunTests : IDisposable
{
    private const string Text = """
        name: toy
        cluster: cluster.yaml
        recipes:
          dnn:
            file: toy.yaml
            workers: [1, 1x2]
            modes: [sync, asgd]
            reported: {2: {speed-up: 1.9, by: somebody}}
        """;

    private readonly RunFolders _folders = new();
    private readonly FakeRunner _runner;

    public TableRunTests()
    {
        _runner = new(_folders);
        File.WriteAllText(At("toy.yaml"), Some.Recipe);
        File.WriteAllText(At("cluster.yaml"), "name: here\n");
    }

    public void Dispose() => _folders.Dispose();

    [Fact]
    public void Files_of_another_maker_are_not_replaced()
    {
        var report = At("out/table.md");
        Directory.CreateDirectory(Path.GetDirectoryName(report)!);
        File.WriteAllText(report, "# notes of mine\n");

        var refusal = Assert.Throws<IOException>(() => Run());

        Assert.Contains("table.md", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_runner.Take());
        Assert.Equal("# notes of mine\n", File.ReadAllText(report));
    }

    [Fact]
    public void Rows_are_made_once_and_again_when_what_they_are_made_from_has_changed()
    {
        Run();
        var first = _runner.Take();
        Run();
        var second = _runner.Take();
        Run(Text.Replace("workers: [1, 1x2]", "workers: [1, 1x2, 2x2]", StringComparison.Ordinal));
        var more = _runner.Take();
        Run(Text + "\nrows: [{mode: sync, set: {train.batch.frames: 100}}]\n");
        var changed = _runner.Take();
        File.AppendAllText(At("cluster.yaml"), "# slower\n");
        Run();
        var cluster = _runner.Take();
        Run(program: "a later one");
        var later = _runner.Take();

        Assert.Equal(["dnn-1", "dnn-1x2-sync", "dnn-1x2-asgd"], first);
        Assert.Empty(second);
        Assert.Equal(["dnn-2x2-sync", "dnn-2x2-asgd"], more);
        Assert.Equal(["dnn-1x2-sync"], changed);
        Assert.Equal(first, cluster);
        Assert.Equal(first, later);
    }

    [Fact]
    public void Table_that_is_ended_keeps_its_finished_rows()
    {
        using var stop = new CancellationTokenSource();
        _runner.Before = row =>
        {
            if (row.Mode == "asgd")
                stop.Cancel();
        };

        Assert.Throws<OperationCanceledException>(() => Run(cancellation: stop.Token));
        _runner.Before = _ => { };
        _runner.Take();
        Run();

        Assert.Equal(["dnn-1x2-asgd"], _runner.Take());
    }

    [Fact]
    public void Mode_that_diverges_is_a_row_without_figures()
    {
        _runner.Before = row =>
        {
            if (row.Mode == "asgd")
                throw new DivergedException("the loss of epoch 1 is not a number");
        };

        var text = TableReport.Text(Run());

        Assert.Contains("dnn     1x2      asgd              -", text, StringComparison.Ordinal);
        Assert.Contains("dnn-1x2-asgd has no figures: the loss of epoch 1 is not a number", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistake_in_the_last_row_is_told_before_the_first_is_run()
    {
        Assert.Throws<InputException>(() => Run(Text + "\nrows: [{mode: asgd, set: {train.batch.frame: 100}}]\n"));

        Assert.Empty(_runner.Take());
    }

    [Fact]
    public void Reports_show_speed_ups_differences_and_marks()
    {
        var result = Modelled(Run());

        var lines = TableReport.Text(result).Split('\n');

        Assert.Matches(
            "^recipe +workers +mode +frame acc. % +to one +CER test % +to one +epoch +whole time +speed-up +efficiency % "
                + "+staleness +reported$",
            lines[0]);
        Assert.Matches(@"^dnn +1 +alone +80\.00 m +- +\d\d\.\d\d m +- +~4\.00 s +~15\.0 s +~1\.00 +~100 +- +-$", lines[1]);
        Assert.Matches(
            @"^dnn +1x2 +sync +80\.00 m +0\.00 m +\d\d\.\d\d m +\+\S+ \* +~2\.00 s +~9\.00 s +~2\.00 +~100 +- +1\.9 \(somebody\)$",
            lines[2]);
        Assert.Matches(@"^dnn +1x2 +asgd .* m +[-+]?\d\.\d\d +~2\.00 s .* ~0\.75 +1\.9 \(somebody\)$", lines[3]);
        Assert.Contains("m: measured. ~: modelled", string.Join('\n', lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_have_the_same_bytes_again_and_no_date()
    {
        var result = Modelled(Run());
        foreach (var folder in new[] { "a", "b" })
            TableReport.Write(At(folder), result);

        foreach (var file in new[] { "table.md", "table.html", "table.json" })
        {
            Assert.Equal(File.ReadAllBytes(At($"a/{file}")), File.ReadAllBytes(At($"b/{file}")));
            Assert.DoesNotMatch(@"20\d\d-\d\d-\d\d|\d\d:\d\d:\d\d", File.ReadAllText(At($"a/{file}")));
        }

        Assert.Contains("| dnn | 1x2 | sync | 80.00 m |", File.ReadAllText(At("a/table.md")), StringComparison.Ordinal);
        Assert.Contains("\"speed_up\": 2,", File.ReadAllText(At("a/table.json")), StringComparison.Ordinal);
        Assert.Equal(4, File.ReadAllText(At("a/table.html")).Split("<figure>").Length - 1);
    }

    private string At(string path) => Path.Combine(_folders.Root, path);

    private TableResult Run(string text = Text, string program = "this one", CancellationToken cancellation = default) => TableRun.Execute(
        TableReader.Parse(text, "table.yaml"), _folders.Root, new() { Output = At("out"), Program = program }, _runner,
        SilentProgress.Instance,
        cancellation);

    // As if the rows had been emulated: two workers take half the time.
    private static TableResult Modelled(TableResult result)
    {
        var outcomes = result.Groups.SelectMany(group => group.Rows).Select(row => row with { Run = Modelled(row.Run!, row.Row) });
        return TableResult.Of(result.Table, [.. outcomes]);
    }

    private static FinishedRun Modelled(FinishedRun run, TableRow row) => run with
    {
        Cluster = "here",
        Epochs = [.. run.Epochs.Select(epoch => epoch with { TrainingSeconds = 4.0 / row.Workers.Workers })],
    };

    private sealed class FakeRunner(RunFolders folders) : ITableRunner
    {
        private readonly List<string> _made = [];

        public Action<TableRow> Before { get; set; } = _ => { };

        public List<string> Take()
        {
            var made = _made.ToList();
            _made.Clear();
            return made;
        }

        public RunStatus Run(TableRow row, LoadedRecipe recipe, ITrainingProgress progress, CancellationToken cancellation)
        {
            Before(row);
            if (cancellation.IsCancellationRequested)
                return RunStatus.Interrupted;

            _made.Add(row.Name);
            folders.Add(
                Path.GetRelativePath(folders.Root, recipe.Recipe.OutputFolder), row.Mode == "sync" ? 0.4 : 0.2,
                update: row.Mode == TableRow.Alone ? null : row.Mode);
            return RunStatus.Ok;
        }
    }
}
