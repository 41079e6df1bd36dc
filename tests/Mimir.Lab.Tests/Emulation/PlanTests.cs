using Mimir.Base;
using Mimir.Dist.Costs;
using Mimir.Lab.Emulation;
using Mimir.Train.Recipes;

namespace Mimir.Lab.Tests.Emulation;

public sealed class PlanTests
{
    private static readonly PlanRequest Request = new() { Frames = 1_000_000, Parameters = 1_000_000, Workers = [1, 4] };

    [Fact]
    public void Make_uses_the_recipes_mode_and_its_numbers()
    {
        var often = Make("distribute.update={bmuf: {period-frames: 256}}");
        var seldom = Make("distribute.update={bmuf: {period-frames: 25600}}");

        var (mode, rows, limit) = Assert.Single(often.Modes);
        Assert.Equal("bmuf", mode);
        Assert.Equal([1, 4], rows.Select(row => row.Workers));
        Assert.NotNull(limit);
        Assert.True(seldom.Modes[0].Rows[1].SpeedUp > rows[1].SpeedUp);
    }

    [Fact]
    public void The_text_says_what_is_modelled_and_who_has_which_batch()
    {
        var text = Plan.Make(Recipe(), Cluster(), Request with { Modes = ["sync", "asgd"], Rate = 5000 }).ToString();
        var own = Plan.Make(Recipe(), Cluster(), Request with { BatchPerWorker = 512 }).ToString();

        Assert.Contains("toy: 1.00 M parameters (4.0 MB), 1,000,000 frames an epoch", text);
        Assert.Contains("a device does 5,000 frames/s", text);
        Assert.Contains("sync: the workers share the recipe's batch of 256 frames; other modes: a worker's batch has 256 frames.", text);
        Assert.Contains("All times are modelled, none is measured", text);
        Assert.Contains("\nasgd            4         2", text);
        Assert.Contains("\nasgd: best ", text);
        Assert.Contains("sync: each worker's batch has 512 frames, the step grows with the workers.", own);
    }

    [Fact]
    public void Make_refuses_what_it_does_not_know()
    {
        var mode = Assert.Throws<InputException>(() => Plan.Make(Recipe(), Cluster(), Request with { Modes = ["sgd"] }));
        var workers = Assert.Throws<InputException>(() => Plan.Make(Recipe(), Cluster(), Request with { Workers = [2048] }));

        Assert.Contains("there is no update mode 'sgd'; known are sync, ma, bmuf, asgd, easgd, two-tier", mode.Message);
        Assert.Contains("from 1 to 1024, got 2048", workers.Message);
    }

    [Fact]
    public void Frames_without_alignments_are_to_be_given()
    {
        var recipe = WithoutAlignments(Recipe());

        Assert.Contains("give --frames", Assert.Throws<InputException>(() => RecipeSize.Frames(recipe)).Message);
    }

    [Fact]
    public void Parameters_are_counted_layer_by_layer()
    {
        // 23 mel bins, 11 frames of context: 253 x 16, 16 x 16, 16 x 10, with biases; the shift and the scale of the input are not trained.
        var recipe = WithoutAlignments(Recipe("model.1.softmax.dim=10"));

        Assert.Equal((254 * 16) + (17 * 16) + (17 * 10), RecipeSize.Parameters(recipe));
    }

    [SharedDataFact]
    public void Model_and_frames_of_a_real_corpus_are_found_without_loading_it()
    {
        var recipe = RecipeReader.Read(
            Path.Combine(SharedData.Checkout, "recipes/aishell-sample/dnn.yaml"),
            new() { Environment = name => name == "AISHELL" ? SharedData.At("corpora/aishell-sample") : null }).Recipe;

        Assert.Equal(321_649, RecipeSize.Frames(recipe));
        Assert.InRange(RecipeSize.Parameters(recipe), 4_000_000, 4_300_000);
        Assert.Equal(256, RecipeSize.Batch(recipe.Train.Batch));
    }

    private static Recipe Recipe(params string[] overrides) => Some.Read(Some.Recipe, overrides).Recipe;

    private static Recipe WithoutAlignments(Recipe recipe) =>
        recipe with { Corpus = recipe.Corpus with { Train = new() { Dir = "data/train" } } };

    private static Plan Make(params string[] overrides) => Plan.Make(Recipe(overrides), Cluster(), Request);

    private static ClusterModel Cluster() => ClusterFile.Parse(
        """
        machines: 2
        devices-per-machine: 2
        device: {frames-per-second: 10000, memory-bandwidth-gb: 100}
        inside: {latency-us: 10, bandwidth-gb: 5}
        across: {latency-us: 10, bandwidth-gb: 1}
        """,
        "cluster.yaml");
}
