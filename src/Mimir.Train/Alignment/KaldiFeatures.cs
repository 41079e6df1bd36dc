using System.Globalization;
using Mimir.Base;
using Mimir.Train.Recipes;

namespace Mimir.Train.Alignment;

/// <summary>The features of an nnet1 network, as the files <c>cmvn_opts</c> and <c>delta_opts</c> beside it describe them.</summary>
internal static class KaldiFeatures
{
    /// <summary>Reads the files; a step without a file is left out, as in Kaldi's scripts.</summary>
    /// <param name="folder">The network's folder.</param>
    /// <exception cref="InputException">An option is not known.</exception>
    public static FeaturesRecipe Of(string folder)
    {
        var (cmvn, deltas) = (new CmvnRecipe { Per = CmvnScope.None }, (DeltasRecipe?)null);
        foreach (var (name, value, place) in Options(folder, "cmvn_opts"))
        {
            cmvn = (name, value) switch
            {
                ("norm-means", "true" or "false") => cmvn with { NormMeans = value == "true" },
                ("norm-vars", "true" or "false") => cmvn with { NormVars = value == "true" },
                _ => throw new InputException($"{place}: expected --norm-means and --norm-vars, got '--{name}={value}'."),
            };
            cmvn = cmvn with { Per = CmvnScope.Speaker };
        }

        foreach (var (name, value, place) in Options(folder, "delta_opts"))
        {
            var number = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : -1;
            deltas = (name, number) switch
            {
                ("delta-order", > 0) => (deltas ?? new()) with { Order = number },
                ("delta-window", > 0) => (deltas ?? new()) with { Window = number },
                _ => throw new InputException($"{place}: expected --delta-order and --delta-window, got '--{name}={value}'."),
            };
        }

        return new FeaturesRecipe { Type = FeatureType.Given, Cmvn = cmvn, Deltas = deltas };
    }

    private static IEnumerable<(string Name, string Value, string Place)> Options(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        if (!File.Exists(path))
            yield break;

        foreach (var word in File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.TrimStart('-').Split('=', 2);
            yield return (parts[0], parts.Length > 1 ? parts[1] : "true", path);
        }
    }
}
