using Mimir.Config;
using Mimir.Dist.Updates;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Train.Recipes.Tables;

/// <summary>The keys of <c>distribute</c>.</summary>
internal static class DistributeTable
{
    private const double ElementsOfMegabyte = (1 << 20) / sizeof(float);

    private static readonly Section<SyncOptions> Sync = new(new(), SyncFields<SyncOptions>(o => o, (_, o) => o));
    private static readonly Section<BmufOptions> Bmuf = new(new(), BmufFields<BmufOptions>(o => o, (_, o) => o));

    private static readonly OneOfKind<UpdateRecipe> Update = new("an update mode",
    [
        new Variant<UpdateRecipe, SyncRecipe>(
            "sync", new(), "The gradients of all workers are summed at every step.",
            SyncFields<SyncRecipe>(u => u.Options, (u, o) => u with { Options = o })),
        new Variant<UpdateRecipe, MaRecipe>(
            "ma", new(), "Each worker trains its own model; the models are averaged now and then.", new()
        {
            {
                "period-frames", u => u.Options.PeriodFrames, (u, v) => u with { Options = u.Options with { PeriodFrames = v } },
                Kinds.Count(1), "Frames of each worker between two averages."
            },
            {
                "forget-momentum", u => u.Options.ForgetMomentum, (u, v) => u with { Options = u.Options with { ForgetMomentum = v } },
                Kinds.Flag, "Whether the optimiser's momentum starts anew after an average."
            },
        }),
        new Variant<UpdateRecipe, BmufRecipe>(
            "bmuf", new(), "Model averaging with block momentum (Chen and Huo, 2016).",
            BmufFields<BmufRecipe>(u => u.Options, (u, o) => u with { Options = o })),
        new Variant<UpdateRecipe, AsgdRecipe>(
            "asgd", new(), "Workers send what their steps do to a parameter server and do not wait for each other.",
            AsgdFields((u, change) => u with { Options = change(u.Options) })),
        new Variant<UpdateRecipe, TwoTierRecipe>(
            "two-tier", new(),
            "Gradients are summed inside a machine; the machines' models meet with block momentum. On one machine it is `sync`, unless "
            + "`machines` says otherwise.", new()
        {
            {
                "inside", u => u.Options.Inside, (u, v) => u with { Options = u.Options with { Inside = v } }, Sync,
                "What goes on inside a machine, with the keys of `sync`."
            },
            {
                "across", u => u.Options.Across, (u, v) => u with { Options = u.Options with { Across = v } }, Bmuf,
                "What goes on across machines, with the keys of `bmuf`; a machine counts as one worker."
            },
            {
                "machines", u => u.Options.Machines, (u, v) => u with { Options = u.Options with { Machines = v } }, new OptionalNumber<int>(Kinds.Whole(1, 65536)),
                "The machines that the workers count as spread over, in the order of their ranks; without it those that they run on."
            },
        }),
    ]);

    private static readonly Section<RateRecipe> Rate = new(new(), new()
    {
        {
            "scaling", r => r.Scaling, (r, v) => r with { Scaling = v },
            new OptionalNumber<RateScalingRule>(Kinds.Choice(
                ("linear", RateScalingRule.Linear), ("square-root", RateScalingRule.SquareRoot), ("none", RateScalingRule.None))),
            "What becomes of the rate of a mean gradient when N workers make the batch N-fold; without it the rate is used as it "
            + "stands, which is `linear` for sgd, whose gradients are sums, and `none` for adam."
        },
        {
            "warm-up-frames", r => r.WarmUpFrames, (r, v) => r with { WarmUpFrames = v }, Kinds.Count(0),
            "Frames of all workers, from the start, over which a step grows from that of one worker's batch."
        },
        {
            "momentum", r => r.Momentum, (r, v) => r with { Momentum = v },
            Kinds.Choice(("as-is", MomentumRule.AsIs), ("of-batch", MomentumRule.OfBatch)),
            "What becomes of the optimiser's momentum m: `of-batch` is m to the power N, which forgets as fast, counted in frames, as m "
            + "with the batch of one worker."
        },
    });

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
        {
            "rate", d => d.Rate, (d, v) => d with { Rate = v }, Rate,
            "What the number of workers does to the learning rate and the momentum, where a step is taken with the batches of several."
        },
    });

    private static Fields<T> SyncFields<T>(Func<T, SyncOptions> get, Func<T, SyncOptions, T> with) => new()
    {
        {
            "bucket-mb", u => get(u).BucketElements / ElementsOfMegabyte,
            (u, v) => with(u, get(u) with { BucketElements = Math.Max(1, (int)Math.Round(v * ElementsOfMegabyte)) }),
            Kinds.Number(0, 1024), "Megabytes (2^20 bytes) of gradients that are summed at a time, while the backward pass goes on."
        },
        {
            "compression", u => get(u).Compression, (u, v) => with(u, get(u) with { Compression = v }),
            Kinds.Choice(("none", GradientCompression.None), ("fp16", GradientCompression.Half), ("one-bit", GradientCompression.OneBit)),
            "How gradients travel; for slow networks. `one-bit` adds what is lost to the next step's gradients."
        },
    };

    private static Fields<T> BmufFields<T>(Func<T, BmufOptions> get, Func<T, BmufOptions, T> with) => new()
    {
        {
            "period-frames", u => get(u).PeriodFrames, (u, v) => with(u, get(u) with { PeriodFrames = v }), Kinds.Count(1),
            "Frames of each worker in a block."
        },
        {
            "block-momentum", u => get(u).BlockMomentum, (u, v) => with(u, get(u) with { BlockMomentum = v }),
            new OptionalNumber<double>(Kinds.Number(0, 1, open: true)), "The block momentum; without it 1 - 1 / workers."
        },
        {
            "block-rate", u => get(u).BlockRate, (u, v) => with(u, get(u) with { BlockRate = v }), Kinds.Positive,
            "The block learning rate."
        },
        {
            "kind", u => get(u).Kind, (u, v) => with(u, get(u) with { Kind = v }),
            Kinds.Choice(
                ("classical", BlockMomentumKind.Classical), ("nesterov", BlockMomentumKind.Nesterov),
                ("look-ahead", BlockMomentumKind.LookAhead)),
            "How the momentum moves the model: classical, Nesterov's as in CNTK, or as Chen and Huo have it."
        },
        {
            "gain-from-momentum", u => get(u).GainFromMomentum, (u, v) => with(u, get(u) with { GainFromMomentum = v }), Kinds.Flag,
            "Whether the gain is block-rate (1 - block-momentum), as CNTK's, in place of block-rate / workers."
        },
        {
            "forget-momentum", u => get(u).ForgetMomentum, (u, v) => with(u, get(u) with { ForgetMomentum = v }), Kinds.Flag,
            "Whether the optimiser's momentum starts anew after a block."
        },
        {
            "warm-up-frames", u => get(u).WarmUpFrames, (u, v) => with(u, get(u) with { WarmUpFrames = v }), Kinds.Count(0),
            "Frames of all workers, from the start, during which blocks are plain averages."
        },
    };

    private static Fields<AsgdRecipe> AsgdFields(Func<AsgdRecipe, Func<AsgdOptions, AsgdOptions>, AsgdRecipe> with) => new()
    {
        {
            "period-frames", u => u.Options.PeriodFrames, (u, v) => with(u, o => o with { PeriodFrames = v }), Kinds.Count(1),
            "Frames of a worker between two pushes; 1: it pushes after every step."
        },
        {
            "max-staleness", u => u.Options.MaxStaleness, (u, v) => with(u, o => o with { MaxStaleness = v }), Kinds.Whole(0),
            "The most pushes of others between a worker's pull and its push; at least workers - 1."
        },
        {
            "scale-by-staleness", u => u.Options.ScaleByStaleness, (u, v) => with(u, o => o with { ScaleByStaleness = v }), Kinds.Flag,
            "Whether a push that s others overtook counts 1 / s."
        },
        {
            "delay-compensation", u => u.Options.Compensation, (u, v) => with(u, o => o with { Compensation = v }),
            Kinds.Choice(
                ("none", DelayCompensation.None), ("constant", DelayCompensation.Constant), ("adaptive", DelayCompensation.Adaptive)),
            "How the server makes up for what was computed at an older model (Zheng et al., 2017)."
        },
        {
            "compensation-strength", u => u.Options.CompensationStrength, (u, v) => with(u, o => o with { CompensationStrength = v }),
            Kinds.Number(0, 1e6), "The strength of the compensation, for mean gradients."
        },
        {
            "mean-square-decay", u => u.Options.MeanSquareDecay, (u, v) => with(u, o => o with { MeanSquareDecay = v }), Kinds.Number(0, 1),
            "The part of the old mean square that adaptive compensation keeps at each push."
        },
        {
            "elasticity", u => u.Options.Elasticity, (u, v) => with(u, o => o with { Elasticity = v }),
            new OptionalNumber<double>(Kinds.Number(1e-6, 1)),
            "Elastic averaging: how strongly models and the server's centre pull each other; without it models are pulled whole."
        },
        {
            "forget-momentum", u => u.Options.ForgetMomentum, (u, v) => with(u, o => o with { ForgetMomentum = v }), Kinds.Flag,
            "Whether the optimiser's momentum starts anew when a model was pulled."
        },
    };
}
