using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

public sealed class RecipeAdviceTests
{
    [Theory]
    [InlineData("adam", "bmuf", true)]
    [InlineData("adam", "ma", true)]
    [InlineData("adam", "asgd", true)]
    [InlineData("adam", "sync", false)]
    [InlineData("{sgd: {rate: 0.01}}", "bmuf", false)]
    public void Adam_is_warned_of_where_workers_take_steps_of_their_own(string optimiser, string update, bool warned)
    {
        var recipe = Some.Read(Some.Recipe, $"train.optimiser={optimiser}", $"distribute.update={update}").Recipe;

        var advice = RecipeAdvice.Of(recipe).ToList();

        Assert.Equal(warned ? 1 : 0, advice.Count);
        Assert.All(advice, line => Assert.Contains($"'{update}'", line, StringComparison.Ordinal));
        Assert.All(advice, line => Assert.Contains("use sgd", line, StringComparison.Ordinal));
    }
}
