namespace Mimir.Train.Data;

/// <summary>Sets in memory that the workers of one process share: the first that asks loads, the others wait and get the same.</summary>
/// <remarks>Its values must not be changed. Any thread may call.</remarks>
public sealed class SetCache
{
    // No worker is further behind than by the epoch that is prepared ahead.
    private const int EpochsKept = 3;

    private readonly Dictionary<string, Lazy<object>> _values = [];

    /// <summary>Returns the loader, which carries the training set's normalisation to the other sets.</summary>
    /// <param name="make">Makes it.</param>
    public SetLoader Loader(Func<SetLoader> make) => Get("loader", make);

    /// <summary>Returns a set.</summary>
    /// <param name="name">The set's name in the recipe.</param>
    /// <param name="load">Loads it.</param>
    public FrameCorpus Set(string name, Func<FrameCorpus> load) => Get($"set {name}", load);

    /// <summary>Returns the augmented frames of an epoch; those of long ago are forgotten.</summary>
    /// <param name="epoch">The epoch; workers ask for one after another.</param>
    /// <param name="make">Makes them.</param>
    public EpochFrames Epoch(int epoch, Func<EpochFrames> make)
    {
        lock (_values)
            _values.Remove($"epoch {epoch - EpochsKept}");
        return Get($"epoch {epoch}", make);
    }

    private T Get<T>(string key, Func<T> make)
        where T : class
    {
        Lazy<object>? value;
        lock (_values)
        {
            if (!_values.TryGetValue(key, out value))
                _values.Add(key, value = new(make, LazyThreadSafetyMode.ExecutionAndPublication));
        }

        return (T)value.Value;
    }
}
