using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Tensors;

namespace Mimir.Core.Optimisers;

/// <summary>Stochastic gradient descent with online natural gradient and limits on the change, as nnet3's trainer.</summary>
/// <remarks>
/// <para>The gradient of a matrix is dW = Yᵀ X; both factors are multiplied by their <see cref="FisherEstimate"/> before the product,
/// nnet3's NaturalGradientAffineComponent. That of a convolution is multiplied from both sides when it is whole, as its
/// TimeHeightConvolutionComponent. Other parameters (normalisation, peepholes, GRU …) have plain gradients.</para>
/// <para>With own rate r and momentum m: c = m c + r g + 2 r l2 frames W; c of a layer is scaled down to max-change / (1 - m), then all
/// to max-param-change / (1 - m); W = W - (1 - m) c. A step that is not finite is not taken. nnet1's GradClip has no effect.</para>
/// <para>Backstitch (Y. Wang et al., 2017) is a step of that share backwards and one of 1 and that share forwards, each within limits that
/// grow with it; decay and the updates of the estimates belong to the second.</para>
/// <para>What the estimates need of a batch is in <see cref="ParameterStore.Statistics"/>: sums over its frames. Where workers sum
/// their gradients they sum these too, and have the estimates of the one large batch.</para>
/// </remarks>
/// <param name="options">Ranks, limits, momentum and decay; the rate comes with each step.</param>
/// <param name="beginsWithBatch">
/// True when the first batch begins the estimates, as in nnet3; false where several workers have a part of it each.
/// </param>
public sealed class NaturalGradient(NaturalGradientOptions options, bool beginsWithBatch = true)
    : IOptimiser, IGradientPreconditioner, IDisposable
{
    private const string FisherKey = "natural-gradient.fisher", ChangeKey = "natural-gradient.change";
    private const int FirstUpdates = 10;

    private readonly Dictionary<FactoredMatrix, FisherPair> _pairs = [];
    private Tensor? _change;
    private Tensor[] _changes = [];
    private long _steps;
    private double _forward = 1;

    /// <summary>Gets the options.</summary>
    public NaturalGradientOptions Options { get; } = options;

    // Each of the first steps, then every so many; none in the step backwards.
    private bool Updates => _forward > 0 && (_steps <= FirstUpdates || (_steps - FirstUpdates) % Options.UpdatePeriod == 0);

    /// <inheritdoc/>
    public long Attach(IReadOnlyList<FactoredMatrix> matrices, Device device, ScalarType type)
    {
        long count = 0;
        foreach (var matrix in matrices)
        {
            var pair = new FisherPair(matrix, Options, device, type) { Offset = count };
            _pairs.Add(matrix, pair);
            count += pair.StatisticsCount;
        }

        return count;
    }

    /// <inheritdoc/>
    public void Begin(ParameterStore parameters) => parameters.Statistics.fill_(Scalars.Of(0));

    /// <inheritdoc/>
    public void Precondition(FactoredMatrix matrix, IReadOnlyList<Tensor> inputs, Tensor derivatives, ParameterStore parameters)
    {
        var pair = _pairs[matrix];
        var x = pair.SideBySide(inputs);
        pair.Begin(beginsWithBatch ? x : null, beginsWithBatch ? derivatives : null);
        pair.Precondition(x, derivatives, parameters.Statistics, Updates);
        pair.Multiply(x, derivatives, parameters);
    }

    /// <summary>True when a minibatch has backstitch.</summary>
    /// <param name="minibatch">The number of the minibatch, from 0.</param>
    public bool IsBackstitchDue(long minibatch) => Options.BackstitchScale > 0 && minibatch % Options.BackstitchInterval == 0;

    /// <summary>Makes the next step one backwards, which leaves the estimates as they are.</summary>
    public void BeginBackstitch() => _forward = -Options.BackstitchScale;

    /// <summary>Makes the next step the one forwards that follows it.</summary>
    public void EndBackstitch() => _forward = 1 + Options.BackstitchScale;

    /// <inheritdoc/>
    public void Step(ParameterStore parameters, double rate, int frames)
    {
        var scales = new double[parameters.Slices.Count];
        Array.Fill(scales, 1);
        foreach (var (matrix, pair) in _pairs)
        {
            if (matrix.OfGradient)
                pair.PreconditionGradient(parameters, Updates);
            var scale = pair.ScaleOf(parameters.Statistics);
            foreach (var slice in matrix.Slices)
                scales[slice] = scale;
            if (Updates)
                pair.Update(parameters.Statistics);
        }

        _steps++;
        Change(parameters, rate, frames, scales);
        LimitAndAdd(parameters);
        _forward = 1;
    }

    /// <inheritdoc/>
    /// <remarks>The estimates begin anew too, as in each iteration of nnet3's scripts, whose model files hold none.</remarks>
    public void Reset()
    {
        _steps = 0;
        foreach (var pair in _pairs.Values)
            pair.Reset();
        ForgetMomentum();
    }

    /// <inheritdoc/>
    public void ForgetMomentum() => _change?.fill_(Scalars.Of(0));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, HostTensor> SaveState()
    {
        var state = new Dictionary<string, HostTensor>();
        if (_steps == 0)
            return state;

        // The number of steps as two digits, because a float alone counts to 2^24 only; then the estimates that have begun.
        var begun = _pairs.Values.Where(pair => pair.HasBegun).ToList();
        var values = new float[2 + _pairs.Count + begun.Sum(pair => pair.StateCount)];
        (values[0], values[1]) = (_steps / WholeNumber.Radix, _steps % WholeNumber.Radix);
        var at = 2;
        foreach (var pair in _pairs.Values)
            values[at++] = pair.HasBegun ? 1 : 0;
        foreach (var pair in begun)
        {
            pair.Save(values.AsSpan(at, pair.StateCount));
            at += pair.StateCount;
        }

        state[FisherKey] = new([values.Length], values);
        if (_change is not null)
            state[ChangeKey] = HostTensor.From(_change);
        return state;
    }

    /// <inheritdoc/>
    public void LoadState(IReadOnlyDictionary<string, HostTensor> state, ParameterStore parameters)
    {
        Reset();
        if (state.Count == 0)
            return;
        if (!state.TryGetValue(FisherKey, out var fisher) || fisher.Values is not { Length: >= 2 } values
            || values.Length < 2 + _pairs.Count)
            throw new InputException($"expected the state of natural-gradient, got {string.Join(", ", state.Keys)}");

        var begun = _pairs.Values.Where((_, i) => values[2 + i] != 0).ToList();
        if (values.Length != 2 + _pairs.Count + begun.Sum(pair => pair.StateCount))
            throw new InputException($"'{FisherKey}' has {values.Length} values, those of another model");

        _steps = ((long)values[0] * WholeNumber.Radix) + (long)values[1];
        var at = 2 + _pairs.Count;
        foreach (var pair in begun)
        {
            pair.Load(values.AsSpan(at, pair.StateCount));
            at += pair.StateCount;
        }

        if (state.TryGetValue(ChangeKey, out var change))
        {
            DisposeChange();
            SetChange(OptimiserTools.Load(ChangeKey, change, parameters), parameters);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pair in _pairs.Values)
            pair.Dispose();
        DisposeChange();
    }

    // c = m c + r g + 2 r l2 frames W
    private void Change(ParameterStore parameters, double rate, int frames, double[] scales)
    {
        if (_change is null && Options.Momentum > 0)
            SetChange(OptimiserTools.Zeros(parameters), parameters);

        for (var i = 0; i < parameters.Slices.Count; i++)
        {
            var slice = parameters.Slices[i];
            if (!slice.IsTrained)
                continue;

            var (own, decay) = (rate * slice.RateFactor, Options.WeightDecay * slice.DecayFactor);
            var change = parameters.GradientOf(i).mul_(Scalars.Of(own * scales[i]));
            if (Options.Momentum > 0)
                change = _changes[i].mul_(Scalars.Of(Options.Momentum)).Accumulate(change);
            if (decay > 0 && _forward > 0)
                change.add_(parameters.ValueOf(i), Scalars.Of(2 * own * decay * frames / _forward));
        }
    }

    private void LimitAndAdd(ParameterStore parameters)
    {
        // The layers' limits first; what is left counts for the limit on all.
        var share = Math.Abs(_forward) * (1 - Options.Momentum);
        var trained = parameters.Slices.Index().Where(slice => slice.Item.IsTrained).ToList();
        var factors = new Dictionary<string, double>();
        var all = 0.0;
        foreach (var node in trained.GroupBy(slice => slice.Item.Node))
        {
            var norm = share * Math.Sqrt(node.Sum(slice => Math.Pow(ChangeOf(parameters, slice.Index).Norm(), 2)));
            var limit = Math.Abs(_forward) * (node.First().Item.MaxChange ?? Options.MaxChange);
            var factor = limit > 0 && norm > limit ? limit / norm : 1;
            factors[node.Key] = factor;
            all += Math.Pow(factor * norm, 2);
        }

        if (!double.IsFinite(all))
        {
            ForgetMomentum();
            return;
        }

        var most = Math.Abs(_forward) * Options.MaxParamChange;
        var whole = most > 0 && Math.Sqrt(all) > most ? most / Math.Sqrt(all) : 1;
        foreach (var (i, slice) in trained)
        {
            parameters.ValueOf(i).add_(ChangeOf(parameters, i), Scalars.Of(-Math.Sign(_forward) * share * whole * factors[slice.Node]));
            if (slice.MaxNorm > 0)
                MaxNorm.Limit(parameters.ValueOf(i), slice.MaxNorm);
        }
    }

    // Without momentum the changes take the place of the gradients.
    private Tensor ChangeOf(ParameterStore parameters, int slice) => Options.Momentum > 0 ? _changes[slice] : parameters.GradientOf(slice);

    private void SetChange(Tensor change, ParameterStore parameters) =>
        (_change, _changes) = (change, OptimiserTools.Views(change, parameters));

    private void DisposeChange()
    {
        foreach (var view in _changes)
            view.Dispose();

        _change?.Dispose();
        (_change, _changes) = (null, []);
    }
}
