using System.Globalization;
using Mimir.Train.Checkpoints;
using Mimir.Train.Recipes;

namespace Mimir.Train.Averages;

/// <summary>The mean of the last n models for the n that is best in cross-validation: nnet3-combine.</summary>
/// <param name="recipe">The models that are kept.</param>
internal class LastModels(KeptModelsRecipe recipe) : IModelAverage
{
    private readonly List<float[]> _models = [];

    /// <summary>Gets the models, the latest last.</summary>
    protected IReadOnlyList<float[]> Models => _models;

    /// <inheritdoc/>
    public bool TakesStep(TrainingState state) => recipe.Every > 0 && state.TotalSteps % recipe.Every == 0;

    /// <inheritdoc/>
    public bool TakesEpoch(EpochRecord record) => recipe.Every == 0 && record.Accepted;

    /// <inheritdoc/>
    public void Add(float[] model)
    {
        if (_models.Count == recipe.Models)
            _models.RemoveAt(0);
        _models.Add(model);
    }

    /// <inheritdoc/>
    public virtual AveragedModel? Choose(Func<float[], double?> validate)
    {
        AveragedModel? best = null;
        float[]? mean = null;
        for (var n = 1; n <= _models.Count; n++)
        {
            var next = _models[^n];
            if (mean is null)
                mean = [.. next];
            else
                AveragedModel.Move(mean, next, 1f / n);
            if (validate(mean) is not { } loss)
                return null;
            if (best is null || loss < best.Loss)
                best = new([.. mean], loss, n == 1 ? "the last model" : $"the last {n} models");
        }

        return best;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> Save() =>
        _models.Index().ToDictionary(model => model.Index.ToString("D4", CultureInfo.InvariantCulture), model => model.Item);

    /// <inheritdoc/>
    public void Load(IReadOnlyDictionary<string, float[]> state)
    {
        _models.Clear();
        _models.AddRange(state.OrderBy(model => model.Key, StringComparer.Ordinal).Select(model => model.Value));
    }
}

/// <summary>The mean of those of the last models that make it better, the best first.</summary>
/// <remarks>M. Wortsman et al.: Model soups, 2022, the greedy one.</remarks>
/// <param name="recipe">The models that are kept.</param>
internal sealed class GreedyModels(KeptModelsRecipe recipe) : LastModels(recipe)
{
    /// <inheritdoc/>
    public override AveragedModel? Choose(Func<float[], double?> validate)
    {
        var alone = new List<(float[] Model, double Loss)>();
        foreach (var model in Models)
        {
            if (validate(model) is not { } loss)
                return null;
            alone.Add((model, loss));
        }

        AveragedModel? best = null;
        var count = 0;
        foreach (var (model, loss) in alone.OrderBy(model => model.Loss))
        {
            if (best is null)
            {
                (best, count) = (new([.. model], loss, "the best model"), 1);
                continue;
            }

            float[] mean = [.. best.Model];
            AveragedModel.Move(mean, model, 1f / (count + 1));
            if (validate(mean) is not { } together)
                return null;
            if (together < best.Loss)
                (best, count) = (new(mean, together, $"{count + 1} models"), count + 1);
        }

        return best;
    }
}
