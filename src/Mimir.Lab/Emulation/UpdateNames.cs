using Mimir.Train.Recipes;

namespace Mimir.Lab.Emulation;

/// <summary>Names of the update modes in recipes.</summary>
internal static class UpdateNames
{
    /// <summary>The key of an update under <c>distribute.update</c>.</summary>
    public static string Of(UpdateRecipe update) => update switch
    {
        SyncRecipe => "sync",
        MaRecipe => "ma",
        BmufRecipe => "bmuf",
        AsgdRecipe => "asgd",
        TwoTierRecipe => "two-tier",
        _ => throw new ArgumentException($"expected an update mode, got {update.GetType().Name}", nameof(update)),
    };
}
