using Mimir.Dist.Updates;

namespace Mimir.Dist.Emulation;

/// <summary>The update mode of a worker of an emulated cluster.</summary>
public static class EmulatedUpdate
{
    /// <summary>Makes the real mode; only the master of asynchronous training is the emulated one.</summary>
    /// <param name="options">Which mode.</param>
    /// <param name="context">What it runs on.</param>
    /// <param name="server">The master that all workers share; used by asynchronous training.</param>
    public static IUpdateMode Create(UpdateOptions options, UpdateContext context, EmulatedServer? server)
    {
        if (options is not AsynchronousOptions asgd)
            return UpdateModes.Create(options, context);

        var master = server ?? throw new ArgumentException("expected the emulated master", nameof(server));
        var group = context.Collective.Group;
        var rank = group.Members[context.Collective.Index];
        return new AsynchronousUpdate(context.Collective, master.Of(rank), (rank, group.Size), asgd, context.Time);
    }
}
