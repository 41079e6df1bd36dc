using Mimir.Base;
using Mimir.Core.Native;
using Mimir.Core.Tensors;

namespace Mimir.Bench.Peers;

/// <summary>The matrix products of a training step and nothing else: the limit that the step is held against.</summary>
internal sealed class BareProducts : IDisposable
{
    private readonly List<ProductShape> _shapes;
    private readonly List<(Tensor Left, Tensor Right, Tensor Target)> _products = [];
    private readonly List<Tensor> _owned = [];
    private readonly List<GemmLibrary> _libraries;
    private readonly double[,] _best;

    public BareProducts(IEnumerable<ProductShape> shapes)
    {
        var info = RuntimeInfo.Read().Kernels;
        _libraries = [GemmLibrary.Chosen];
        if (info?.Mkl is { Length: > 0 })
            _libraries.Add(GemmLibrary.Mkl);
        if (info?.OneDnn is { Length: > 0 })
            _libraries.Add(GemmLibrary.OneDnn);

        _libraries.Add(GemmLibrary.Own);
        _shapes = [.. shapes.GroupBy(shape => shape with { Times = 0 })
            .Select(same => same.Key with { Times = same.Sum(shape => shape.Times) })];
        foreach (var s in _shapes)
        {
            _products.Add((
                s.TransposeLeft ? Random(s.Inner, s.Rows) : Random(s.Rows, s.Inner),
                s.TransposeRight ? Random(s.Columns, s.Inner) : Random(s.Inner, s.Columns),
                Random(s.Rows, s.Columns)));
        }

        Flops = _shapes.Sum(shape => shape.Times * shape.Flops);
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
            var (shape, (left, right, target)) = (_shapes[i], _products[i]);

            // As the step does: weight gradients are added, the others written.
            var beta = shape.Phase == ProductShape.WeightGradient ? 1 : 0;
            for (var j = 0; j < _libraries.Count; j++)
            {
                _best[i, j] = Math.Min(_best[i, j], Stopwatches.Best(
                    seconds / _best.Length,
                    () => target.AddProduct(left, shape.TransposeLeft, right, shape.TransposeRight, 1e-6, beta, _libraries[j])));
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
            var shape = _shapes[i];
            var rates = string.Concat(Enumerable.Range(0, _libraries.Count).Select(j => $"{shape.Flops / _best[i, j] / 1e9,12:F1}"));
            yield return $"    {$"{shape.Phase} {shape.Rows}x{shape.Columns}x{shape.Inner}",-34}{rates}";
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
            if (phase is not null && _shapes[i].Phase != phase)
                continue;

            var best = double.MaxValue;
            for (var j = first; j <= Math.Min(last, _libraries.Count - 1); j++)
                best = Math.Min(best, _best[i, j]);
            sum += best * _shapes[i].Times;
        }

        return sum;
    }

    private Tensor Random(int rows, int columns)
    {
        var random = new SeededRandom((ulong)_owned.Count);
        var values = new float[rows * columns];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextUniform() - 0.5);

        _owned.Add(Tensor.From(values, rows, columns));
        return _owned[^1];
    }
}
