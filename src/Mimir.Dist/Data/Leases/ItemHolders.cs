namespace Mimir.Dist.Data.Leases;

/// <summary>Where each item of an epoch is: with a worker, by its rank, with nobody, or settled.</summary>
internal sealed class ItemHolders
{
    /// <summary>Nobody holds the item.</summary>
    public const int Waiting = -1;

    /// <summary>A worker has trained on it.</summary>
    public const int Completed = -2;

    /// <summary>Nobody trains on it.</summary>
    public const int Dropped = -3;

    private readonly int[] _holders;

    /// <summary>Puts all items in one place.</summary>
    /// <param name="epoch">The items.</param>
    /// <param name="holder">Where they are.</param>
    public ItemHolders(EpochItems epoch, int holder)
    {
        _holders = new int[epoch.Items.Count];
        Array.Fill(_holders, holder);
        Settled = IsFinal(holder) ? _holders.Length : 0;
    }

    /// <summary>Gets the number of items that are completed or dropped.</summary>
    public int Settled { get; private set; }

    /// <summary>Gets or sets where an item is.</summary>
    /// <param name="item">An index into the epoch's items.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public int this[int item]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)item, (uint)_holders.Length, nameof(item));
            return _holders[item];
        }

        set
        {
            Settled += (IsFinal(value) ? 1 : 0) - (IsFinal(this[item]) ? 1 : 0);
            _holders[item] = value;
        }
    }

    /// <summary>Whether an item is completed or dropped.</summary>
    public bool IsSettled(int item) => IsFinal(this[item]);

    /// <summary>The items that are in one place.</summary>
    public IEnumerable<int> Of(int holder) => Enumerable.Range(0, _holders.Length).Where(item => _holders[item] == holder);

    /// <summary>Where an item is, in words.</summary>
    public string WhereIs(int item) => _holders[item] switch
    {
        Waiting => "nobody holds it",
        Completed => "it is completed",
        Dropped => "it is dropped",
        var rank => $"worker {rank} holds it",
    };

    private static bool IsFinal(int holder) => holder is Completed or Dropped;
}
