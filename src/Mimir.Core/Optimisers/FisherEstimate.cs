using Mimir.Core.Blocks;
using Mimir.Core.Tensors;
using TorchSharp;

namespace Mimir.Core.Optimisers;

/// <summary>A running estimate of the scatter of vectors, and their multiplication by its inverse: online natural gradient.</summary>
/// <remarks>
/// D. Povey, X. Zhang, S. Khudanpur: Parallel training of DNNs with natural gradient and parameter averaging, 2015 (arXiv 1410.7455),
/// appendix B, in the form of nnet3's natural-gradient-online. The estimate is F = Rᵀ D R + ρ I with R orthonormal rows
/// [rank, dim] and D diagonal. Kept is W = E^½ R with e = 1 / (β/d + 1), β = ρ (1 + α) + α tr(D) / dim, so that the
/// smoothed inverse, times β, is I - Wᵀ W. A batch X of N rows becomes X - (X Wᵀ) W, times √(tr X Xᵀ before / after); the
/// next estimate follows from J = W Xᵀ X alone: see <see cref="Update"/>.
/// </remarks>
internal sealed class FisherEstimate : IDisposable
{
    private const double Epsilon = 1e-10, Delta = 5e-4, ConditionLimit = 1e6, MostEta = 0.9;

    // Numbers behind J in the statistics: tr X Xᵀ before and after, and N.
    private const int Numbers = 3;

    private readonly int _dim, _rank;
    private readonly double _alpha, _history;
    private readonly Device _device;
    private readonly ScalarType _type;
    private readonly RowBuffer _projected;
    private readonly float[] _d;
    private Tensor? _w;
    private float _rho;

    /// <summary>Makes an estimate that is not begun.</summary>
    /// <param name="dim">The values of a vector.</param>
    /// <param name="rank">The rank, below <paramref name="dim"/>; 0 leaves the vectors as they are.</param>
    /// <param name="options">The smoothing and the memory.</param>
    /// <param name="device">The device.</param>
    /// <param name="type">The element type.</param>
    public FisherEstimate(int dim, int rank, NaturalGradientOptions options, Device device, ScalarType type)
    {
        (_dim, _rank) = (dim, Math.Min(rank, dim - 1));
        (_alpha, _history, _device, _type) = (options.Alpha, options.SamplesHistory, device, type);
        _d = new float[_rank];
        _projected = new RowBuffer(_rank);
        _projected.Bind(device, type);
    }

    /// <summary>Gets the number of elements that <see cref="Precondition"/> writes.</summary>
    public int StatisticsCount => _rank == 0 ? 0 : (_rank * _dim) + Numbers;

    /// <summary>Gets the number of elements of a saved estimate.</summary>
    public int StateCount => _rank == 0 ? 0 : (_rank * _dim) + _rank + 1;

    /// <summary>Begins with a batch: from orthonormal rows that are made up, up to three updates with it.</summary>
    /// <param name="x">The batch, which stays as it is; null to leave it at the rows that are made up.</param>
    public void Begin(Tensor? x)
    {
        if (_rank == 0)
            return;

        // ρ = d = ε, so that e = 1 / (2 + α (dim + rank) / dim). Row r has the columns r, r + rank, …; the first of them is
        // a little larger, so that no sum of rows is all ones, whose derivative can be 0.
        var rows = new float[_rank * _dim];
        var scale = Math.Sqrt(1 / (2 + ((double)(_dim + _rank) * _alpha / _dim)));
        for (var r = 0; r < _rank; r++)
        {
            var columns = (_dim - r + _rank - 1) / _rank;
            var norm = Math.Sqrt((1.1 * 1.1) + columns - 1);
            for (var c = r; c < _dim; c += _rank)
                rows[(r * _dim) + c] = (float)(scale * (c == r ? 1.1 : 1) / norm);
        }

        SetW(rows);
        Array.Fill(_d, (float)Epsilon);
        _rho = (float)Epsilon;
        if (x is null)
            return;

        using var statistics = Tensor.Zeros(_device, [StatisticsCount], _type);
        for (var i = x.Rows <= _rank ? 1 : 3; i > 0; i--)
        {
            Measure(x, statistics, updates: true);
            Update(statistics);
        }
    }

    /// <summary>Multiplies a batch by the inverse, up to its scale.</summary>
    /// <param name="x">The batch, <c>[N, dim]</c>, replaced.</param>
    /// <param name="statistics">The tensor to write to: sums over rows, so that those of several workers may be added.</param>
    /// <param name="updates">True when <see cref="Update"/> follows, which needs more of them.</param>
    public void Precondition(Tensor x, Tensor statistics, bool updates)
    {
        if (_rank == 0)
            return;

        // X ← X - H W with H = X Wᵀ.
        var before = Measure(x, statistics, updates);
        x.AddProduct(_projected.For(x.Rows), false, _w!, false, alpha: -1);
        using var numbers = statistics.Window((long)_rank * _dim, Numbers);
        numbers.CopyFrom([(float)before, (float)Square(x.Norm()), x.Rows]);
    }

    /// <summary>The factor that gives preconditioned vectors the norm that they had.</summary>
    /// <param name="statistics">The statistics, summed over workers.</param>
    public double ScaleOf(Tensor statistics)
    {
        if (_rank == 0)
            return 1;

        var numbers = NumbersOf(statistics);
        return numbers[0] > 0 ? Math.Sqrt(numbers[0] / (double)numbers[1]) : 1;
    }

    /// <summary>Replaces the estimate by the rank-limited η S + (1 - η) F, with S = XᵀX / N and η = 1 - e^(-N / history).</summary>
    /// <remarks>
    /// Y = R T for this target T, Z = Y Yᵀ = U C Uᵀ; then R ← C^-½ Uᵀ Y, ρ ← what keeps the trace, D ← C^½ - ρ I.
    /// </remarks>
    /// <param name="statistics">The statistics, summed over workers; J is overwritten.</param>
    public void Update(Tensor statistics)
    {
        if (_rank == 0)
            return;

        var numbers = NumbersOf(statistics);
        var (trace, n) = ((double)numbers[0], (double)numbers[2]);
        if (!(n > 0) || !double.IsFinite(trace))
            return;

        using var scope = torch.NewDisposeScope();
        var j = statistics.Window(0, _rank, _dim);
        var (jj, jw) = (Product(j, j), Product(j, _w!));
        var eta = Math.Min(MostEta, 1 - Math.Exp(-n / _history));
        var share = eta / n;
        var rootE = RootE(_d, _rho);

        // Z, with K = J Jᵀ and L = J Wᵀ, which is symmetric but for rounding.
        var z = new double[_rank * _rank];
        for (var row = 0; row < _rank; row++)
        {
            for (var column = 0; column < _rank; column++)
            {
                var (at, mirrored) = ((row * _rank) + column, (column * _rank) + row);
                var k = 0.5 * (jj[at] + jj[mirrored]) / (rootE[row] * rootE[column]);
                var l = 0.5 * (jw[at] + jw[mirrored]) / (rootE[row] * rootE[column]);
                z[at] = (share * share * k) + (share * (1 - eta) * l * (_d[row] + (double)_rho + _d[column] + _rho))
                    + (row == column ? Square((1 - eta) * (_d[row] + (double)_rho)) : 0);
            }
        }

        // The squares of the leading eigenvalues of T. Mathematically none is below the floor; rounding makes such.
        var c = SymmetricEigen.Decompose(z, _rank);
        var floor = Square(_rho * (1 - eta));
        var repairs = c[0] > ConditionLimit * c[^1] || c[^1] < floor;
        var rootC = Array.ConvertAll(c, value => Math.Sqrt(Math.Max(value, floor)));

        var sumD = _d.Sum(value => (double)value);
        var rho = ((share * trace) + ((1 - eta) * ((_dim * (double)_rho) + sumD)) - rootC.Sum()) / (_dim - _rank);
        var least = Math.Max(Epsilon, Delta * rootC[0]);
        var d = Array.ConvertAll(rootC, root => (float)Math.Max(root - rho, least));
        rho = Math.Max(rho, least);

        // W ← A B, A = η/N E'^½ C^-½ Uᵀ E^-½, B = J + (1 - η) / (η/N) (D + ρ I) W.
        var nextE = RootE(d, rho);
        var a = new float[_rank * _rank];
        for (var row = 0; row < _rank; row++)
        {
            for (var column = 0; column < _rank; column++)
                a[(row * _rank) + column] = (float)(share * nextE[row] / rootC[row] * z[(row * _rank) + column] / rootE[column]);
        }

        var kept = Array.ConvertAll(_d, value => (float)((1 - eta) / share * (value + (double)_rho)));
        j.addcmul_(_w!, Tensor.From(_device, kept, [_rank, 1], _type), Scalars.Of(1));
        _w!.AddProduct(Tensor.From(_device, a, [_rank, _rank], _type), false, j, false, beta: 0);
        d.CopyTo(_d, 0);
        _rho = (float)rho;
        if (repairs && Orthonormal.Repair(_w!, nextE) is { } repaired)
            _w!.CopyFrom(repaired);
    }

    /// <summary>Writes the estimate for a checkpoint: ρ, the diagonal of D, W.</summary>
    /// <param name="state">As many elements as <see cref="StateCount"/>.</param>
    public void Save(Span<float> state)
    {
        if (_rank == 0)
            return;

        state[0] = _rho;
        _d.CopyTo(state[1..]);
        _w!.CopyTo(state[(1 + _rank)..]);
    }

    /// <summary>Restores what <see cref="Save"/> wrote.</summary>
    public void Load(ReadOnlySpan<float> state)
    {
        if (_rank == 0)
            return;

        _rho = state[0];
        state.Slice(1, _rank).CopyTo(_d);
        SetW(state[(1 + _rank)..]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _w?.Dispose();
        _projected.Dispose();
        _w = null;
    }

    private static double Square(double value) => value * value;

    // H = X Wᵀ stays in the buffer; J = Hᵀ X and the numbers go to the statistics.
    private double Measure(Tensor x, Tensor statistics, bool updates)
    {
        var h = _projected.For(x.Rows);
        h.AddProduct(x, false, _w!, true, beta: 0);
        if (updates)
        {
            using var j = statistics.Window(0, _rank, _dim);
            j.AddProduct(h, true, x, false, beta: 0);
        }

        var trace = Square(x.Norm());
        using var numbers = statistics.Window((long)_rank * _dim, Numbers);
        numbers.CopyFrom([(float)trace, (float)trace, x.Rows]);
        return trace;
    }

    private float[] NumbersOf(Tensor statistics)
    {
        using var numbers = statistics.Window((long)_rank * _dim, Numbers);
        return numbers.ToArray();
    }

    private double[] Product(Tensor left, Tensor right)
    {
        var product = Tensor.Zeros(_device, [_rank, _rank], _type);
        product.AddProduct(left, false, right, true, beta: 0);
        var values = new double[_rank * _rank];
        product.CopyTo(values);
        return values;
    }

    private double[] RootE(float[] d, double rho)
    {
        var beta = (rho * (1 + _alpha)) + (_alpha * d.Sum(value => (double)value) / _dim);
        return Array.ConvertAll(d, value => Math.Sqrt(1 / ((beta / value) + 1)));
    }

    private void SetW(ReadOnlySpan<float> rows)
    {
        _w ??= Tensor.Zeros(_device, [_rank, _dim], _type).DetachFromDisposeScope();
        _w.CopyFrom(rows);
    }
}
