using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Dist.Costs;
using Mimir.Dist.Updates;
using Mimir.Train.Recipes;

namespace Mimir.Lab.Emulation;

/// <summary>The modelled speed-up of a recipe on a cluster, without training: a table of update modes and workers.</summary>
public sealed class Plan
{
    private readonly ClusterModel _cluster;
    private readonly PlanOptions _options;
    private readonly Recipe _recipe;
    private readonly PlanRequest _request;

    private Plan(Recipe recipe, ClusterModel cluster, PlanOptions options, PlanRequest request) =>
        (_recipe, _cluster, _options, _request) = (recipe, cluster, options, request);

    /// <summary>Gets the modes with their rows, in the order of the request.</summary>
    public required IReadOnlyList<(string Mode, IReadOnlyList<PlanRow> Rows, PlanLimit? Limit)> Modes { get; init; }

    /// <summary>Makes a plan.</summary>
    /// <param name="recipe">Model, batch, update mode, training set.</param>
    /// <param name="cluster">Machines and links.</param>
    /// <param name="request">Which workers and modes, and what is not to be taken from the recipe.</param>
    /// <exception cref="InputException">Something is not known and has to be given.</exception>
    /// <exception cref="InputException">Something is out of range.</exception>
    public static Plan Make(Recipe recipe, ClusterModel cluster, PlanRequest request)
    {
        if (request.Workers.Count == 0 || request.Workers.Any(workers => workers is < 1 or > 1024))
            throw new InputException($"expected numbers of workers from 1 to 1024, got {string.Join(',', request.Workers)}");

        var names = request.Modes.Count == 0 ? [recipe.Distribute.Update.Name] : request.Modes;
        var modes = names.Select(name => (name, ModeOf(name, recipe))).ToList();
        cluster = cluster.At(request.Rate);
        var options = new PlanOptions
        {
            Frames = request.Frames ?? RecipeSize.Frames(recipe),
            ModelBytes = sizeof(float) * (request.Parameters ?? RecipeSize.Parameters(recipe)),
            Batch = RecipeSize.Batch(recipe.Train.Batch),
            SyncBatchPerWorker = request.BatchPerWorker,
        };
        var plan = new ScalingPlan(cluster, options);
        var largest = request.Workers.Max();
        return new(recipe, cluster, options, request)
        {
            Modes =
            [
                .. modes.Select(mode => (
                    mode.name,
                    (IReadOnlyList<PlanRow>)[.. request.Workers.Select(workers => plan.Row(mode.Item2, workers))],
                    largest == 1 ? null : plan.LimitOf(mode.Item2, largest))),
            ],
        };
    }

    /// <summary>The plan for a terminal.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(Say(
            $"{_recipe.Name}: {_options.ModelBytes / 4e6:0.00} M parameters ({_options.ModelBytes / 1e6:0.0} MB), "));
        text.Append(Say($"{_options.Frames:N0} frames an epoch\n"));
        text.Append(Say(
            $"{_cluster.Name}: machines of {_cluster.DevicesPerMachine}, a device does {_cluster.Device.FramesPerSecond:N0} frames/s\n"));
        text.Append(Say($"  inside {Describe(_cluster.Inside)}; across {Describe(_cluster.Across)}\n"));
        text.Append(Batches()).Append("All times are modelled, none is measured; training alone, without cross-validation.\n\n");
        text.Append("mode      workers  machines     s/epoch   speed-up  efficiency  exchange  waiting  staleness\n");
        foreach (var (mode, rows, _) in Modes)
        {
            foreach (var row in rows)
            {
                text.Append(Say(
                    $"{mode,-8}{row.Workers,9}{row.Machines,10}{row.Seconds,12:N1}{row.SpeedUp,11:0.00}{100 * row.Efficiency,11:0.0}%"));
                text.Append(Say($"{row.ExchangePercent,9:0.0}%"));
                text.Append(Say($"{row.WaitingPercent,8:0.0}%{(row.MeanStaleness is { } mean ? Say($"{mean:0.0}") : "-"),11}\n"));
            }
        }

        text.Append('\n');
        foreach (var (mode, rows, limit) in Modes)
        {
            if (limit is null)
                continue;

            var best = rows.MaxBy(row => row.SpeedUp) ?? rows[0];
            text.Append(Say($"{mode}: best {best.SpeedUp:0.00}x with {best.Workers} workers; "));
            text.Append(Say($"{rows.Max(row => row.Workers)} are {Describe(limit)}\n"));
        }

        return text.ToString();
    }

    private string Batches()
    {
        var each = Say($"a worker's batch has {_options.Batch:N0} frames");
        var sync = _options.SyncBatchPerWorker is { } own
            ? Say($"sync: each worker's batch has {own:N0} frames, the step grows with the workers")
            : Say($"sync: the workers share the recipe's batch of {_options.Batch:N0} frames");
        var hasSync = Modes.Any(mode => mode.Mode == "sync");
        return (hasSync, Modes.Count > 1) switch
        {
            (true, true) => $"{sync}; other modes: {each}.\n",
            (true, false) => $"{sync}.\n",
            _ => $"{char.ToUpperInvariant(each[0])}{each[1..]}.\n",
        };
    }

    private static string Describe(LinkModel link) => Say(
        $"{link.Bandwidth / 1e9:0.##} GB/s, {link.Latency * 1e6:0.##} us{(link.Shared ? ", shared" : "")}");

    private static string Describe(PlanLimit limit)
    {
        var most = Say($"devices of any speed would reach {limit.Limit:0.00}x");
        var (name, without) = limit.Part switch
        {
            PlanPart.Computing => ("computing", ""),
            PlanPart.Inside => ("the link inside the machines", "without it"),
            PlanPart.Across => ("the network", "without it"),
            _ => ("passes over the model in memory", "without them"),
        };
        return limit.Part == PlanPart.Computing
            ? $"bound by {name}: {most}"
            : Say($"bound by {name}: {without} {limit.Without:0.00}x, {most}");
    }

    /// <summary>The numbers of a mode: the recipe's where it is the recipe's own, else the defaults.</summary>
    private static UpdateOptions ModeOf(string name, Recipe recipe) =>
        recipe.Distribute.Update.Name == name
            ? recipe.Distribute.Update
            : UpdateOptions.Defaults.FirstOrDefault(mode => mode.Name == name)
                ?? throw new InputException(
                    $"there is no update mode '{name}'; known are {string.Join(", ", UpdateOptions.Defaults.Select(mode => mode.Name))}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
