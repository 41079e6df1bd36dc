using Mimir.Dist.Transports;
using Mimir.Dist.Updates.Rules;

namespace Mimir.Dist.Updates;

/// <summary>Makes the mode that options name.</summary>
public static class UpdateModes
{
    /// <summary>Makes one worker's part of a mode; every worker of the group calls it.</summary>
    /// <param name="options">Which mode, the same on all workers.</param>
    /// <param name="context">What it runs on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the context lacks something.</exception>
    public static IUpdateMode Create(UpdateOptions options, UpdateContext context)
    {
        var (collective, time) = (context.Collective, context.Time);
        switch (options)
        {
            case SyncOptions sync:
                return new SyncUpdate(collective, sync, time, context.Transport, context.Channel);
            case ModelAveragingOptions ma:
                ma.Validate();
                return new BlockUpdate(collective, new ModelAveragingRule(ma.ForgetMomentum), ma.PeriodFrames, time);
            case BmufOptions bmuf:
                bmuf.Validate();
                return new BlockUpdate(collective, new BmufRule(bmuf), bmuf.PeriodFrames, time);
            case AsynchronousOptions asgd:
                return new AsynchronousUpdate(collective, Transport(context), context.Channel, asgd, time);
            case TwoTierOptions tiers:
                var transport = Transport(context);
                return new TwoTierUpdate(
                    collective, members => MachineTiers.Discover(transport, members, context.Channel, context.Machine), tiers, time,
                    transport, context.Channel + MachineTiers.Channels);
            default:
                throw new ArgumentException($"there is no update mode for {options.GetType().Name}", nameof(options));
        }
    }

    private static ITransport Transport(UpdateContext context) =>
        context.Transport ?? throw new ArgumentException("expected a transport: this update mode needs more than collectives", nameof(context));
}
