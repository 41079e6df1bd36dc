using Mimir.Train.Recipes.Binding;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>distribute</c>.</summary>
internal static class DistributeTable
{
    private static readonly OneOfKind<UpdateRecipe> Update = new("an update mode",
    [
        new Variant<UpdateRecipe, SyncRecipe>("sync", new(), "The gradients of all workers are summed at every step.", new()),
        new Variant<UpdateRecipe, MaRecipe>(
            "ma", new(), "Each worker trains its own model; the models are averaged now and then.", new()
        {
            {
                "period-frames", u => u.PeriodFrames, (u, v) => u with { PeriodFrames = v }, Kinds.Whole(1),
                "Frames of each worker between two averages."
            },
        }),
        new Variant<UpdateRecipe, BmufRecipe>("bmuf", new(), "Model averaging with block momentum (Chen and Huo, 2016).", new()
        {
            {
                "period-frames", u => u.PeriodFrames, (u, v) => u with { PeriodFrames = v }, Kinds.Whole(1),
                "Frames of each worker in a block."
            },
            {
                "block-momentum", u => u.BlockMomentum, (u, v) => u with { BlockMomentum = v },
                new OptionalNumber<double>(Kinds.Number(0, 1, open: true)),
                "The block momentum; without it 1 - 1 / workers."
            },
            {
                "block-rate", u => u.BlockRate, (u, v) => u with { BlockRate = v }, Kinds.Positive,
                "The block learning rate."
            },
            {
                "nesterov", u => u.Nesterov, (u, v) => u with { Nesterov = v }, Kinds.Flag,
                "Whether the block momentum looks ahead."
            },
        }),
        new Variant<UpdateRecipe, AsgdRecipe>(
            "asgd", new(), "Workers send gradients to a parameter server and do not wait for each other.", new()
        {
            {
                "max-staleness", u => u.MaxStaleness, (u, v) => u with { MaxStaleness = v }, Kinds.Whole(0),
                "The most steps that a worker's parameters may lag behind the server's."
            },
        }),
    ]);

    /// <summary>Gets the section.</summary>
    public static Section<DistributeRecipe> Distribute { get; } = new(new DistributeRecipe(), new()
    {
        {
            "workers", d => d.Workers, (d, v) => d with { Workers = v }, Kinds.Whole(1, 65536),
            "The number of workers."
        },
        {
            "update", d => d.Update, (d, v) => d with { Update = v }, Update,
            "How the workers' models are kept together."
        },
    });
}
