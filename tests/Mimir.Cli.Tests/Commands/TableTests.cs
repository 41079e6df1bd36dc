using Mimir.Cli.Tests.Support;

namespace Mimir.Cli.Tests.Commands;

/// <summary>A whole table: rows are trained, decoded and put together.</summary>
public sealed class TableTests : IDisposable
{
    private readonly TinyCorpus _corpus = new();

    public void Dispose() => _corpus.Dispose();

    [Fact]
    public async Task The_same_seed_gives_the_same_table_and_rows_that_are_there_are_not_made_again()
    {
        _corpus.WriteGraph();
        File.AppendAllText(_corpus.Recipe, _corpus.DecodeSection);
        File.WriteAllText(_corpus.At("cluster.yaml"), """
            machines: 1
            devices-per-machine: 2
            device: {frames-per-second: 10000, memory-bandwidth-gb: 10}
            inside: {latency-us: 10, bandwidth-gb: 10}
            across: {latency-us: 50, bandwidth-gb: 1}
            """);
        File.WriteAllText(_corpus.At("table.yaml"), """
            name: tiny
            cluster: cluster.yaml
            recipes:
              dnn:
                file: recipe.yaml
                set: {train.schedule.constant.epochs: 2}
                workers: [1, 1x2]
                modes: [bmuf, asgd]
                reported: {1x2: {speed-up: 1.9, by: somebody}}
            """);

        var first = (await RunAsync("first")).Succeeded();
        var second = (await RunAsync("second")).Succeeded();
        var again = (await RunAsync("first")).Succeeded();

        Assert.Contains("1.9 (somebody)", first.Output, StringComparison.Ordinal);
        foreach (var file in (string[])["table.md", "table.html", "table.json"])
            Assert.Equal(File.ReadAllBytes(_corpus.At($"first/{file}")), File.ReadAllBytes(_corpus.At($"second/{file}")));
        Assert.Contains("row 3 of 3: dnn-1x2-asgd is there already", again.Errors, StringComparison.Ordinal);
        Assert.Equal(first.Output, again.Output);
    }

    private Task<MimirProcess.Outcome> RunAsync(string output) =>
        MimirProcess.RunAsync(_corpus.Folder, "table", "table.yaml", "--output", output);
}
