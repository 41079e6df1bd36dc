using Mimir.Base;
using Mimir.Train.Data;
using Mimir.Train.Losses;
using Mimir.Train.Training;

namespace Mimir.Train.Tests.Training;

/// <summary>Softmax regression on two-dimensional points with momentum and a little counted noise, all in plain C#.</summary>
internal sealed class ToyEngine : ITrainingEngine
{
    private const int Classes = 3;
    private const int Dim = 3;
    private readonly float[] _weights = new float[Classes * Dim];
    private readonly float[] _velocity = new float[Classes * Dim];
    private readonly float[] _points;
    private long _noise;

    public ToyEngine(int frames, ulong seed)
    {
        var random = SeededRandom.Of(seed, 0);
        _points = new float[frames * Dim];
        Targets = new int[frames];
        for (var frame = 0; frame < frames; frame++)
        {
            Targets[frame] = random.BelowExactly(Classes);
            _points[frame * Dim] = (Targets[frame] == 0 ? 1 : -1) + (random.BelowExactly(200) / 100f) - 1;
            _points[(frame * Dim) + 1] = (Targets[frame] == 1 ? 1 : -1) + (random.BelowExactly(200) / 100f) - 1;
            _points[(frame * Dim) + 2] = 1;
        }
    }

    public int[] Targets { get; }

    public float PoisonAt { get; set; } = -1;

    public IReadOnlyDictionary<string, long> Counters
    {
        get => new Dictionary<string, long> { ["noise"] = _noise };
        set => _noise = value["noise"];
    }

    public BatchResult Train(FrameBatch batch, TargetBatch targets, double rate)
    {
        var gradient = new float[_weights.Length];
        var result = Evaluate(batch.Rows, targets.Classes, gradient);
        var noise = SeededRandom.Of(5, (ulong)_noise++);
        for (var i = 0; i < gradient.Length; i++)
        {
            _velocity[i] = (0.5f * _velocity[i]) + gradient[i] + (noise.BelowExactly(100) / 1000f);
            _weights[i] -= (float)rate * _velocity[i];
        }

        return _noise == PoisonAt ? result with { Loss = double.NaN } : result;
    }

    public ReadOnlySpan<float> FrameLosses => [];

    public void Watch(double lossLimit)
    {
    }

    public BatchResult Probe(FrameBatch batch, TargetBatch targets, out bool isTrainable)
    {
        isTrainable = true;
        return Evaluate(batch.Rows, targets.Classes, []);
    }

    public BatchResult Validate(FrameBatch batch, TargetBatch targets) => Evaluate(batch.Rows, targets.Classes, []);

    public float[] CopyModel() => [.. _weights];

    public void SetModel(ReadOnlySpan<float> model) => model.CopyTo(_weights);

    public IReadOnlyDictionary<string, float[]> CopyOptimiser() => new Dictionary<string, float[]> { ["velocity"] = [.. _velocity] };

    public void SetOptimiser(IReadOnlyDictionary<string, float[]> state) => state["velocity"].CopyTo(_velocity, 0);

    public IReadOnlyDictionary<string, float[]> CopyStates() => new Dictionary<string, float[]>();

    public void SetStates(IReadOnlyDictionary<string, float[]> states)
    {
    }

    public void ResetOptimiser() => Array.Clear(_velocity);

    public void Dispose()
    {
    }

    private BatchResult Evaluate(ReadOnlySpan<int> rows, ReadOnlySpan<int> targets, Span<float> gradient)
    {
        var (loss, correct) = (0.0, 0L);
        Span<double> scores = stackalloc double[Classes];
        for (var i = 0; i < rows.Length; i++)
        {
            var point = _points.AsSpan(rows[i] * Dim, Dim);
            for (var c = 0; c < Classes; c++)
                scores[c] = (_weights[c * Dim] * point[0]) + (_weights[(c * Dim) + 1] * point[1]) + (_weights[(c * Dim) + 2] * point[2]);

            var total = Math.Log(Math.Exp(scores[0]) + Math.Exp(scores[1]) + Math.Exp(scores[2]));
            loss += total - scores[targets[i]];
            correct += scores[targets[i]] >= Math.Max(scores[0], Math.Max(scores[1], scores[2])) ? 1 : 0;
            for (var g = 0; g < gradient.Length; g++)
                gradient[g] += (float)(Math.Exp(scores[g / Dim] - total) - (targets[i] == g / Dim ? 1 : 0)) * point[g % Dim];
        }

        return new(loss, correct, rows.Length);
    }
}
