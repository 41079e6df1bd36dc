using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Tables;

namespace Mimir.Tests.Support;

/// <summary>Compares tables of features and remembers the largest difference.</summary>
internal sealed class Difference
{
    private readonly List<string> _wrong = [];

    /// <summary>Gets the largest difference of one value, and where it was.</summary>
    public (double Value, string Place, double Wanted) Largest { get; private set; }

    /// <summary>Gets the number of values compared.</summary>
    public long Values { get; private set; }

    /// <summary>
    /// Gets the number of values that differ by more because the wanted ones are wrong: rounding of single precision.
    /// </summary>
    public int Noisy { get; private set; }

    /// <summary>Compares two tables by key, each value to <c>absolute(key) + relative |want|</c>.</summary>
    public void Compare(
        string what,
        string got,
        string want,
        Func<string, double> absolute,
        double relative,
        Func<string, double[][]?>? truth = null)
    {
        var gotten = KaldiTables.Matrix.Read(got).ToDictionary();
        var wanted = KaldiTables.Matrix.Read(want).ToDictionary();
        if (!gotten.Keys.Order().SequenceEqual(wanted.Keys.Order()))
            _wrong.Add($"{what}: keys {string.Join(' ', gotten.Keys)}, expected {string.Join(' ', wanted.Keys)}");

        foreach (var (key, matrix) in wanted)
        {
            if (gotten.TryGetValue(key, out var other))
                Compare($"{what} {key}", other, matrix, absolute(key), relative, () => truth?.Invoke(key));
        }
    }

    /// <summary>
    /// Compares two matrices; where the truth is known, a value that differs by more must be as near to the truth: then
    /// it is the wanted one that is wrong.
    /// </summary>
    public void Compare(
        string what, FloatMatrix got, FloatMatrix want, double absolute, double relative, Func<double[][]?>? truth = null)
    {
        if ((got.Rows, got.Columns) != (want.Rows, want.Columns) && got.Data.Length + want.Data.Length > 0)
        {
            _wrong.Add($"{what}: {got.Rows} x {got.Columns}, expected {want.Rows} x {want.Columns}");
            return;
        }

        var known = new Lazy<double[][]?>(() => truth?.Invoke());
        for (var i = 0; i < want.Data.Length; i++)
        {
            var (t, d) = (i / want.Columns, i % want.Columns);
            var difference = Math.Abs((double)got.Data[i] - want.Data[i]);
            if (!(difference <= absolute + (relative * Math.Abs(want.Data[i]))))
            {
                if (known.Value is { } exact && Math.Abs(got.Data[i] - exact[t][d]) <= absolute + (relative * Math.Abs(exact[t][d])))
                {
                    Noisy++;
                    continue;
                }

                _wrong.Add($"{what} [{t}, {d}]: {got.Data[i]}, expected {want.Data[i]}, exactly {known.Value?[t][d]}");
            }

            if (difference > Largest.Value)
                Largest = (difference, $"{what} [{t}, {d}] of {want.Data[i]}", want.Data[i]);
        }

        Values += want.Data.Length;
    }

    /// <summary>Adds something else that was wrong.</summary>
    public void Wrong(string what) => _wrong.Add(what);

    /// <summary>Fails the test when anything was wrong.</summary>
    public void AssertNone() =>
        Assert.True(_wrong.Count == 0, $"{_wrong.Count} wrong:\n{string.Join('\n', _wrong.Take(20))}");
}
