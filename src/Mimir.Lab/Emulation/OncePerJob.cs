namespace Mimir.Lab.Emulation;

/// <summary>Makes things that the workers of a process share: who comes first makes, the others wait and get the same.</summary>
/// <typeparam name="TKey">What tells them apart.</typeparam>
/// <typeparam name="TValue">What is shared; nobody may change it.</typeparam>
internal sealed class OncePerJob<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, Lazy<TValue>> _made = [];

    public TValue Get(TKey key, Func<TValue> make)
    {
        Lazy<TValue>? lazy;
        lock (_made)
        {
            if (!_made.TryGetValue(key, out lazy))
                _made.Add(key, lazy = new(make, LazyThreadSafetyMode.ExecutionAndPublication));
        }

        return lazy.Value;
    }

    public void Forget(Predicate<TKey> which)
    {
        lock (_made)
            _made.Keys.Where(key => which(key)).ToList().ForEach(key => _made.Remove(key));
    }
}
