namespace Mimir.Dist.Data.Leases;

/// <summary>The holder of each item of an epoch: the rank of a worker, nobody, or settled.</summary>
internal sealed class ItemHolders
{
    /// <summary>Nobody holds the item.</summary>
    public const int Waiting = -1;

    /// <summary>A worker has trained on it.</summary>
    public const int Completed = -2;

    /// <summary>Nobody trains on it.</summary>
    public const int Dropped = -3;

    private readonly int[] _holders;

    /// <summary>Creates the holders with all items in one place.</summary>
    /// <param name="epoch">The items.</param>
    /// <param name="holder">Their holder.</param>
    public ItemHolders(EpochItems epoch, int holder)
    {
        _holders = new int[epoch.Items.Count];
        Array.Fill(_holders, holder);
        Settled = IsFinal(holder) ? _holders.Length : 0;
    }

    /// <summary>Gets the number of items that are completed or dropped.</summary>
    public int Settled { get; private set; }

    /// <summary>Gets or sets the holder of an item.</summary>
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

    /// <summary>True when an item is completed or dropped.</summary>
    public bool IsSettled(int item) => IsFinal(this[item]);

    /// <summary>The items of one holder.</summary>
    public IEnumerable<int> Of(int holder) => Enumerable.Range(0, _holders.Length).Where(item => _holders[item] == holder);

    /// <summary>The holder of an item in words.</summary>
    public string WhereIs(int item) => _holders[item] switch
    {
        Waiting => "nobody holds it",
        Completed => "it is completed",
        Dropped => "it is dropped",
        var rank => $"worker {rank} holds it",
    };

    private static bool IsFinal(int holder) => holder is Completed or Dropped;
}
