using Mimir.Base;
using Mimir.Lab.Tables;

namespace Mimir.Lab.Tests.Tables;

public sealed class TableReaderTests
{
    private const string Text = """
        name: ancestors
        seed: 3
        cluster: clusters/fast.yaml
        clusters: {4: clusters/one.yaml}
        modes:
          bmuf: {set: {distribute.update.bmuf.period-frames: 4000}}
        recipes:
          dnn:
            file: dnn.yaml
            set:
              train.schedule.constant.epochs: 2
              model: [{affine: {dim: 8}}, {softmax: {}}]
            frames-per-second: 20000
            workers: [1, 1x4, 8x2]
            modes: [sync, bmuf]
            reported: {8x2: {speed-up: 14.3, by: Alibaba}, 1x4: {speed-up: 3.8}}
          blstm: {file: ../blstm.yaml, workers: [1]}
        rows:
          - {workers: 8x2, set: {train.optimiser.sgd.rate: 0.002}}
          - {recipe: dnn, workers: 2x2, mode: asgd, set: {seed: 4}}
        """;

    [Fact]
    public void Rows_are_the_product_with_its_changes_and_what_comes_besides()
    {
        var rows = TablePlan.Rows(Read(Text), "/tables");

        Assert.Equal(
            ["dnn-1", "dnn-1x4-sync", "dnn-1x4-bmuf", "dnn-2x2-asgd", "dnn-8x2-sync", "dnn-8x2-bmuf", "blstm-1"],
            rows.Select(row => row.Name));
        Assert.Equal(
            [
                "seed=3", "train.schedule.constant.epochs=2", "model=[{affine: {dim: 8}}, {softmax: {}}]",
                "distribute={workers: 16, update: bmuf}", "distribute.update.bmuf.period-frames=4000", "train.optimiser.sgd.rate=0.002",
            ],
            rows[5].Overrides);
        Assert.Equal(["seed=3"], rows[6].Overrides);
        Assert.Equal(
            ["clusters/fast.yaml", "clusters/one.yaml", "clusters/one.yaml"],
            rows.Take(3).Select(row => row.ClusterFile["/tables/".Length..]));
        Assert.Equal([null, 3.8, 3.8, null, 14.3, 14.3, null], rows.Select(row => row.Reported?.SpeedUp));
        Assert.Equal([20000, null], new[] { rows[0].FramesPerSecond, rows[6].FramesPerSecond });
        Assert.Equal(Path.Combine("/tables", "../blstm.yaml"), rows[6].RecipeFile);
    }

    [Theory]
    [InlineData("reported:", "reportd:", ":16: ", "did you mean 'reported'?")]
    [InlineData("8x2]", "8by2]", ":14: ", "expected workers as machines x devices, such as 8x2, or 4 for one machine, got '8by2'")]
    [InlineData("modes: [sync, bmuf]", "modes: [sink]", ":15: ", "expected sync, ma, bmuf, asgd, easgd or two-tier, got 'sink'")]
    [InlineData("recipe: dnn, workers: 2x2", "recipe: dn, workers: 2x2", ":20: ", "there is no recipe 'dn'; did you mean 'dnn'?")]
    [InlineData("{8x2: {speed-up", "{8y2: {speed-up", "", "such as 8x2, got '8y2'")]
    [InlineData("name: ancestors", "", "", "'name' is missing")]
    public void Read_refuses_what_is_wrong_with_its_place(string right, string wrong, string place, string message)
    {
        var error = Assert.Throws<InputException>(() => Read(Text.Replace(right, wrong, StringComparison.Ordinal)));

        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_refuses_a_change_that_fits_no_row()
    {
        var table = Read(Text.Replace("{recipe: dnn, workers: 2x2, mode: asgd", "{workers: 2x2", StringComparison.Ordinal));

        var error = Assert.Throws<InputException>(() => TablePlan.Rows(table, ""));

        Assert.Contains("rows.1: expected the recipe, workers and mode of a row", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_takes_overrides_but_not_variables_of_recipes()
    {
        var table = TableReader.Parse(
            Text, "table.yaml", new() { Overrides = ["seed=9", "CORPUS=/data", "recipes.dnn.workers=[1]"], Environment = _ => null });

        Assert.Equal((9UL, 1), (table.Seed, table.Recipes["dnn"].Workers.Count));
    }

    [Theory]
    [InlineData("1", 1, 1)]
    [InlineData("4", 1, 4)]
    [InlineData("8x2", 8, 2)]
    [InlineData("0", 0, 0)]
    [InlineData("1x2x3", 0, 0)]
    [InlineData("x2", 0, 0)]
    [InlineData("33x32", 0, 0)]
    public void Shape_is_machines_by_devices(string text, int machines, int devices)
    {
        var isShape = WorkerShape.TryParse(text, out var shape);

        Assert.Equal(machines > 0, isShape);
        if (isShape)
            Assert.Equal((machines, devices), (shape.Machines, shape.Devices));
    }

    private static TableDefinition Read(string text) => TableReader.Parse(text, "table.yaml", new() { Environment = _ => null });
}
