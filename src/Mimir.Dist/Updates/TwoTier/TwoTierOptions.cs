using Mimir.Base.Options;
using Mimir.Dist.Costs;
using Mimir.Dist.Updates.Blocks;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Sync;

namespace Mimir.Dist.Updates.TwoTier;

/// <summary>
/// Gradients are summed inside a machine; the machines' models meet with block momentum. On one machine it is <c>sync</c>, unless
/// <c>machines</c> says otherwise.
/// </summary>
public sealed record TwoTierOptions : UpdateOptions
{
    /// <summary>The sums inside a machine, with the keys of <c>sync</c>.</summary>
    [Option("inside")]
    public SyncOptions Inside { get; init; } = new();

    /// <summary>The blocks across machines, with the keys of <c>bmuf</c>; a machine counts as one worker.</summary>
    [Option("across")]
    public BmufOptions Across { get; init; } = new();

    /// <summary>
    /// The machines that the workers count as spread over, in the order of their ranks; without it those that they run on.
    /// </summary>
    [Option("machines", Min = 1, Max = 65536)]
    public int? Machines { get; init; }

    /// <inheritdoc/>
    public override bool SumsGradients => true;

    /// <inheritdoc/>
    public override bool HasBlocks => true;

    /// <inheritdoc/>
    public override bool GroupsMachines => true;

    /// <inheritdoc/>
    public override int? CountedMachines => Machines;

    /// <inheritdoc/>
    public override IReadOnlyList<string> TunableKeys => [.. Across.TunableKeys.Select(key => $"across.{key}")];

    /// <inheritdoc/>
    public override double BatchScale(int workers, int machines) => (double)workers / machines;

    /// <inheritdoc/>
    public override string? Warning(int machines) => machines == 1
        ? "all workers are on one machine, so this is sync; set 'machines' to count them as on several"
        : null;

    /// <inheritdoc/>
    public override IEnumerable<OptionConflict> Conflicts(int workers)
    {
        if (Machines > workers && workers > 1)
            yield return new("machines", $"expected at most distribute.workers, {workers}, got {Machines}");

        foreach (var (key, message) in Across.Conflicts(workers))
            yield return new($"across.{key}", message);
    }

    /// <inheritdoc/>
    public override long ExchangePeriod(int workersOfMachine) => Across.PeriodFrames / workersOfMachine;

    /// <inheritdoc/>
    public override EpochTime EpochTime(EpochWork work)
    {
        var machines = work.Cluster.MachinesOf(work.Workers);
        if (machines == 1)
            return Inside.EpochTime(work);

        var (local, blocks) = (work.Cluster with { Machines = 1, Speeds = new Dictionary<int, double>() }, new BlockCost());
        var (compute, exchange, steps) = (0.0, 0.0, 0L);
        for (var machine = 0; machine < machines; machine++)
        {
            // The steps of the machine's workers, as in sync.
            var first = machine * work.Cluster.DevicesPerMachine;
            var members = Enumerable.Range(first, Math.Min(work.Cluster.DevicesPerMachine, work.Workers - first)).ToArray();
            var group = new SyncCost(local, work.Clock, Inside, members, work.ModelBytes);
            var own = new List<(double Seconds, long Frames)>();
            for (var step = 0; step < members.Max(worker => work.Frames[worker].Count); step++)
            {
                var (whole, slowest) = group.Step(work.FirstStep + step, worker => work.FramesOf(worker, step), (_, own) => compute += own);
                own.Add((whole, members.Sum(worker => (long)work.FramesOf(worker, step))));
                exchange += (whole - slowest) * members.Length / work.Workers;
            }

            steps += own.Count;
            blocks.Add(own, Across.PeriodFrames);
        }

        // The machines' blocks, as in bmuf.
        blocks.Run(
            CollectiveCost.NumbersOfMachines(work.Cluster, work.Workers),
            CollectiveCost.AllReduceOfMachines(work.Cluster, work.Workers, work.ModelBytes) + work.Passes(Across.BlockPasses));
        return new()
        {
            Seconds = blocks.Seconds,
            ComputeSeconds = compute / work.Workers,
            ExchangeSeconds = exchange + blocks.ExchangeSeconds,
            Steps = steps,
            Blocks = blocks.Blocks,
        };
    }

    /// <inheritdoc/>
    private protected override IUpdateMode CreateMode(UpdateContext context) => new TwoTierUpdate(this, context);
}
