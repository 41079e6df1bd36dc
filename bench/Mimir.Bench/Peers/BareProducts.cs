using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.Bench.Peers;

/// <summary>The matrix products of a DNN step and nothing else: the limit that the step is held against.</summary>
internal sealed class BareProducts : IDisposable
{
    private readonly List<(string Phase, Tensor Left, bool TransposeLeft, Tensor Right, bool TransposeRight, Tensor Target)> _products = [];
    private readonly List<Tensor> _owned = [];
    private readonly List<GemmLibrary> _libraries;
    private readonly double[,] _best;

    public BareProducts(IReadOnlyList<int> dims, int batch)
    {
        var info = RuntimeInfo.Read();
        _libraries = [GemmLibrary.Chosen];
        if (info.OpenBlas.Length > 0)
            _libraries.Add(GemmLibrary.OpenBlas);
        if (info.OneDnn.Length > 0)
            _libraries.Add(GemmLibrary.OneDnn);

        _libraries.Add(GemmLibrary.Own);

        var activations = dims.Select(dim => Random(batch, dim)).ToList();
        for (var i = 0; i + 1 < dims.Count; i++)
        {
            var weight = Random(dims[i + 1], dims[i]);
            var (x, y) = (activations[i], activations[i + 1]);
            _products.Add(("forward", x, false, weight, true, Random(batch, dims[i + 1])));
            if (i > 0)
                _products.Add(("input gradient", y, false, weight, false, Random(batch, dims[i])));
            _products.Add(("weight gradient", y, true, x, false, Random(dims[i + 1], dims[i])));
            Flops += 2.0 * batch * dims[i] * dims[i + 1] * (i > 0 ? 3 : 2);
        }

        _best = new double[_products.Count, _libraries.Count];
        Reset();
    }

    /// <summary>Gets the floating-point operations of one step.</summary>
    public double Flops { get; }

    /// <summary>Forgets the times so far.</summary>
    public void Reset()
    {
        for (var i = 0; i < _products.Count; i++)
        {
            for (var j = 0; j < _libraries.Count; j++)
                _best[i, j] = double.MaxValue;
        }
    }

    /// <summary>Takes a turn: every product by every library.</summary>
    public void Measure(double seconds)
    {
        for (var i = 0; i < _products.Count; i++)
        {
            var (phase, left, transposeLeft, right, transposeRight, target) = _products[i];

            // As the step does: weight gradients are added, the others written.
            var beta = phase == "weight gradient" ? 1 : 0;
            for (var j = 0; j < _libraries.Count; j++)
            {
                _best[i, j] = Math.Min(_best[i, j], Stopwatches.Best(
                    seconds / _best.Length,
                    () => target.AddProduct(left, transposeLeft, right, transposeRight, 1e-6, beta, _libraries[j])));
            }
        }
    }

    /// <summary>Seconds for the products of one phase, or of all, each by the best of the libraries.</summary>
    public double LimitSeconds(string? phase = null) => Seconds(phase, first: 1);

    /// <summary>Seconds for the products of one phase, or of all, as the native layer's table chooses.</summary>
    public double ChosenSeconds(string? phase = null) => Seconds(phase, first: 0, last: 0);

    /// <summary>A line a shape: what each library does, in GFLOP/s.</summary>
    public IEnumerable<string> Describe()
    {
        yield return $"    {"product",-34}{string.Concat(_libraries.Select(library => $"{library,12}"))}   GFLOP/s";
        for (var i = 0; i < _products.Count; i++)
        {
            var p = _products[i];
            var inner = p.TransposeLeft ? p.Left.Rows : p.Left.Columns;
            var flops = 2.0 * p.Target.Rows * p.Target.Columns * inner;
            var rates = string.Concat(Enumerable.Range(0, _libraries.Count).Select(j => $"{flops / _best[i, j] / 1e9,12:F1}"));
            yield return $"    {$"{p.Phase} {p.Target.Rows}x{p.Target.Columns}x{inner}",-34}{rates}";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _owned)
            tensor.Dispose();
    }

    private double Seconds(string? phase, int first, int last = int.MaxValue)
    {
        double sum = 0;
        for (var i = 0; i < _products.Count; i++)
        {
            if (phase is not null && _products[i].Phase != phase)
                continue;

            var best = double.MaxValue;
            for (var j = first; j <= Math.Min(last, _libraries.Count - 1); j++)
                best = Math.Min(best, _best[i, j]);
            sum += best;
        }

        return sum;
    }

    private Tensor Random(int rows, int columns)
    {
        var random = new Core.Randomness.Xoshiro256((ulong)_owned.Count);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextUniform() - 0.5);

        _owned.Add(Tensor.From(values, rows, columns));
        return _owned[^1];
    }
}
