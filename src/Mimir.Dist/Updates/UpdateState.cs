using Mimir.Base;

namespace Mimir.Dist.Updates;

/// <summary>Reads vectors of a checkpoint by name, checked.</summary>
internal static class UpdateState
{
    /// <exception cref="InputException">It is not there or of another length.</exception>
    public static float[] Vector(this IReadOnlyDictionary<string, float[]> state, string name, int length)
    {
        if (!state.TryGetValue(name, out var values))
            throw new InputException($"expected '{name}' in the update mode's state, got {Names(state)}: it is of another mode");

        return values.Length == length
            ? values
            : throw new InputException($"expected {length} values in '{name}', got {values.Length}: it belongs to another model");
    }

    /// <exception cref="InputException">They are not there or not so many.</exception>
    public static long[] Numbers(this IReadOnlyDictionary<string, float[]> state, string name, int count) =>
        WholeNumbers.Read(state.Vector(name, count * WholeNumbers.Pieces));

    private static string Names(IReadOnlyDictionary<string, float[]> state) =>
        state.Count == 0 ? "nothing" : string.Join(", ", state.Keys.Order(StringComparer.Ordinal));
}
