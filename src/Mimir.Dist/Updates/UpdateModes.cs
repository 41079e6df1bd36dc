using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Updates;

/// <summary>Makes the mode that options name.</summary>
public static class UpdateModes
{
    /// <summary>Makes one worker's part of a mode.</summary>
    /// <param name="options">Which mode, the same on all workers.</param>
    /// <param name="context">What it runs on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the context lacks something.</exception>
    public static IUpdateMode Create(UpdateOptions options, UpdateContext context)
    {
        var (collective, time) = (context.Collective, context.Time);
        switch (options)
        {
            case SyncOptions sync:
                return new SyncUpdate(collective, sync, time);
            case ModelAveragingOptions ma:
                ma.Validate();
                return new BlockUpdate(collective, new ModelAveragingRule(ma.ForgetMomentum), ma.PeriodFrames, time);
            case BmufOptions bmuf:
                bmuf.Validate();
                return new BlockUpdate(collective, new BmufRule(bmuf), bmuf.PeriodFrames, time);
            case AsynchronousOptions asgd:
                var transport = context.Transport ?? throw new ArgumentException("asynchronous training needs a transport", nameof(context));
                return new AsynchronousUpdate(collective, transport, context.Channel, asgd, time);
            case TwoTierOptions tiers:
                var machines = context.Machines ?? throw new ArgumentException("two-tier training needs to know the machines", nameof(context));
                return new TwoTierUpdate(collective, machines, tiers, time);
            default:
                throw new ArgumentException($"there is no update mode for {options.GetType().Name}", nameof(options));
        }
    }
}
