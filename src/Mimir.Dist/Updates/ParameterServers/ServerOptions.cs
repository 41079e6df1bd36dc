using Mimir.Dist.Costs;

namespace Mimir.Dist.Updates.ParameterServers;

/// <summary>Settings of a mode in which workers exchange with a parameter server, without waiting for each other.</summary>
public abstract record ServerOptions : UpdateOptions
{
    /// <summary>Gets the frames of a worker between two pushes.</summary>
    public abstract long PeriodFrames { get; init; }

    /// <summary>Gets the most pushes of others between a worker's pull and its push.</summary>
    /// <remarks>N workers cannot do with less than N - 1, which is the limit when this is smaller.</remarks>
    public abstract int MaxStaleness { get; init; }

    /// <summary>True when the optimiser's momentum is forgotten when a model was pulled.</summary>
    public abstract bool ForgetMomentum { get; init; }

    /// <inheritdoc/>
    public override bool FaultTolerant => true;

    /// <inheritdoc/>
    public override bool IsAsynchronous => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TunableKeys => ["period-frames"];

    /// <inheritdoc/>
    public override long ExchangePeriod(int workersOfMachine) => PeriodFrames;

    /// <inheritdoc/>
    public override EpochTime EpochTime(EpochWork work) => ServerCost.Epoch(work, this);

    /// <summary>Creates one worker's part of the mode, with a connection to a server that is not reached over a transport.</summary>
    /// <param name="context">The collective and the clock.</param>
    /// <param name="connection">This worker's connection; the mode disposes of it.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public IUpdateMode Create(UpdateContext context, IServerConnection connection)
    {
        Validate();
        return new ServerUpdate(this, context, connection, context.Collective.Group.Size);
    }

    /// <summary>Creates the server's rule.</summary>
    internal abstract IServerRule CreateRule();

    /// <inheritdoc/>
    private protected override IUpdateMode CreateMode(UpdateContext context)
    {
        var transport = context.RequireTransport();
        var connection = new TransportServerConnection(transport, context.Collective.Group, context.Channel);
        return new ServerUpdate(this, context, connection, transport.WorldSize);
    }
}
