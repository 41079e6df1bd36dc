using System.Globalization;
using System.Reflection;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Dist.Costs;
using Mimir.Dist.Updates.Asgd;
using Mimir.Dist.Updates.Bmuf;
using Mimir.Dist.Updates.Easgd;
using Mimir.Dist.Updates.ModelAveraging;
using Mimir.Dist.Updates.Sync;
using Mimir.Dist.Updates.TwoTier;

namespace Mimir.Dist.Updates;

/// <summary>The update mode of a job and its settings. Each mode is one record, and one folder beside this file.</summary>
/// <remarks>
/// A mode's attribute below is its registration. All that callers need to know of a mode is a member here, so that no code outside
/// this folder names a concrete mode.
/// </remarks>
[Kind("sync", typeof(SyncOptions))]
[Kind("ma", typeof(ModelAveragingOptions))]
[Kind("bmuf", typeof(BmufOptions))]
[Kind("asgd", typeof(AsgdOptions))]
[Kind("easgd", typeof(EasgdOptions))]
[Kind("two-tier", typeof(TwoTierOptions))]
public abstract record UpdateOptions
{
    /// <summary>Gets every mode with its default settings, in the order of registration.</summary>
    public static IReadOnlyList<UpdateOptions> Defaults { get; } =
    [
        .. typeof(UpdateOptions).GetCustomAttributes<KindAttribute>()
            .Select(kind => Activator.CreateInstance(kind.Type)).OfType<UpdateOptions>(),
    ];

    /// <summary>Gets the mode's name in recipes.</summary>
    public string Name => typeof(UpdateOptions).GetCustomAttributes<KindAttribute>().First(kind => kind.Type == GetType()).Name;

    /// <summary>True when workers sum their gradients, so that a step has the batches of several.</summary>
    public virtual bool SumsGradients => false;

    /// <summary>True when gradients travel with less than their precision.</summary>
    public virtual bool CompressesGradients => false;

    /// <summary>
    /// True when all workers take every step together, each with its part of the same batch. In the other
    /// modes each worker has whole batches of its own.
    /// </summary>
    public virtual bool SplitsBatches => false;

    /// <summary>True when the other workers go on when one other than the first is lost.</summary>
    public virtual bool FaultTolerant => false;

    /// <summary>True when all workers receive the signals of each at the same step or block.</summary>
    public virtual bool PassesSignals => false;

    /// <summary>True when workers exchange without waiting for each other.</summary>
    public virtual bool IsAsynchronous => false;

    /// <summary>True when models are exchanged in blocks of steps.</summary>
    public virtual bool HasBlocks => false;

    /// <summary>True when a batch is in the model of all once the block with its step is done.</summary>
    public bool CommitsByBlock => HasBlocks && FaultTolerant;

    /// <summary>True when the workers of a machine form a group of their own.</summary>
    public virtual bool GroupsMachines => false;

    /// <summary>Gets the number of machines that the workers count as spread over; null: the machines that they run on.</summary>
    public virtual int? CountedMachines => null;

    /// <summary>Gets the names of the options that may change during a run; those of a nested record have its name before a dot.</summary>
    public virtual IReadOnlyList<string> TunableKeys => [];

    /// <summary>The number of workers' batches that a step is taken with.</summary>
    /// <param name="workers">The workers of the job.</param>
    /// <param name="machines">The machines they are spread over evenly.</param>
    public virtual double BatchScale(int workers, int machines) => 1;

    /// <summary>A warning about a mode that does less on the given machines than its name promises; null for none.</summary>
    /// <param name="machines">The machines that the workers are spread over.</param>
    public virtual string? Warning(int machines) => null;

    /// <summary>The options that contradict each other.</summary>
    /// <param name="workers">The workers of the job.</param>
    public virtual IEnumerable<OptionConflict> Conflicts(int workers) => [];

    /// <summary>Creates one worker's part of the mode; every worker of the group calls it with the same options.</summary>
    /// <param name="context">The collective, the transport, the clock.</param>
    /// <exception cref="InputException">An option is out of range, or the context lacks something.</exception>
    public IUpdateMode Create(UpdateContext context)
    {
        Validate();
        return CreateMode(context);
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public virtual void Validate()
    {
        foreach (var option in Option.Of(GetType()))
        {
            var value = option.Get(this);
            if (value is UpdateOptions nested)
                nested.Validate();
            else if (value is int or long or double && !option.Attribute.Allows(Convert.ToDouble(value, CultureInfo.InvariantCulture)))
                throw new InputException($"expected {option.Name} {RangeOf(option.Attribute)}, got {value}");
        }
    }

    /// <summary>The modelled time of an epoch of several workers; see docs/distributed.md for the model.</summary>
    /// <param name="work">The cluster, and the steps of each worker.</param>
    public abstract EpochTime EpochTime(EpochWork work);

    /// <summary>The frames of a worker between two exchanges of models; 0: an exchange at every step.</summary>
    /// <param name="workersOfMachine">The workers on each machine.</param>
    public virtual long ExchangePeriod(int workersOfMachine) => 0;

    /// <summary>Creates one worker's part of the mode, with options that are valid.</summary>
    /// <param name="context">The collective, the transport, the clock.</param>
    private protected abstract IUpdateMode CreateMode(UpdateContext context);

    /// <summary>Settings of the same mode as those of a running one, checked.</summary>
    /// <param name="own">Those of the running mode.</param>
    /// <param name="options">Those that it is to go on with.</param>
    /// <exception cref="InputException">They are of another mode, or out of range.</exception>
    internal static T Same<T>(T own, UpdateOptions options)
        where T : UpdateOptions
    {
        if (options is not T same || options.GetType() != own.GetType())
            throw new ArgumentException($"expected settings of '{own.Name}', got those of '{options.Name}': the mode of a run stays");

        same.Validate();
        return same;
    }

    private static string RangeOf(OptionAttribute range) => FormattableString.Invariant(
        $"{(range.MinExcluded ? "above" : "from")} {range.Min} {(range.MaxExcluded ? "to below" : "to")} {range.Max}");
}

/// <summary>An option that contradicts another.</summary>
/// <param name="Key">The option's name; one of a nested record has its name before a dot.</param>
/// <param name="Message">The reason and the remedy, for the user.</param>
public sealed record OptionConflict(string Key, string Message);
