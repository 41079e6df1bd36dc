using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Models;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;

namespace Mimir.Bench.Rungs;

/// <summary>Mimir's side of the DNN step: gather and splice, forward, loss, backward with the step fused in.</summary>
internal sealed class DnnTrainer : ITrainer
{
    private const int Frames = 16384, FeatureDim = 40, Context = 5;
    private readonly LayerGraph _graph;
    private readonly LayerGraph _gather;
    private readonly FrameTable _table;
    private readonly FusedStep _step;
    private readonly SeededRandom _random = new(2);
    private readonly int[] _rows;
    private readonly int[] _targets;

    public DnnTrainer(int hiddenLayers, int hiddenDim, int classes, int batch)
    {
        var dnn = Nnet1Prototype.Dnn(FeatureDim * ((2 * Context) + 1), hiddenLayers, hiddenDim, classes);
        NodeSpec splice = new("splice", SpliceSpec.Context(Context, Context), []);
        _graph = new LayerGraph(new GraphSpec(FeatureDim, [splice, .. dnn.Nodes]), Device.Cpu);
        _graph.Initialise(1);
        _gather = new LayerGraph(new GraphSpec(FeatureDim, [splice]), Device.Cpu);
        _step = new FusedStep(_graph);
        _rows = new int[batch];
        _targets = new int[batch];
        var features = new float[Frames * FeatureDim];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)_random.NextNormal();

        _table = new FrameTable(Device.Cpu, features, FeatureDim, [Frames]);
        Dims = [_graph.Parameters.ValueOf(0).Columns, .. Enumerable.Repeat(hiddenDim, hiddenLayers), classes];
    }

    /// <summary>The network of the ladder, 440-1024x4-600.</summary>
    /// <param name="batch">The frames of a step.</param>
    public static DnnTrainer Large(int batch) => new(hiddenLayers: 4, hiddenDim: 1024, classes: 600, batch);

    /// <summary>Gets the dimensions of the layers, from the input on.</summary>
    public int[] Dims { get; }

    /// <summary>Gets the least seconds of each phase so far.</summary>
    public double[] Phases { get; } = [double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue];

    /// <inheritdoc/>
    public string Name => "Mimir";

    /// <inheritdoc/>
    public void UseThreads(int count) => MimirThreads.Use(count);

    /// <inheritdoc/>
    public void Step()
    {
        for (var i = 0; i < _rows.Length; i++)
        {
            _rows[i] = (int)(_random.NextBits() % Frames);
            _targets[i] = (int)(_random.NextBits() % (ulong)_graph.OutputDim);
        }

        var begin = Stopwatches.Now();
        var logits = _graph.Forward(_table, _rows, PassMode.Train);
        Note(1, ref begin);
        CrossEntropy.Evaluate(logits, _targets, [], _graph.OutputGradient);
        Note(2, ref begin);
        _step.Backward(_graph.OutputGradient, 1e-6);
        Note(3, ref begin);
    }

    /// <summary>The gather alone, to tell its part of the forward pass.</summary>
    public void Gather()
    {
        var begin = Stopwatches.Now();
        _gather.Forward(_table, _rows, PassMode.Train);
        Note(0, ref begin);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph.Dispose();
        _gather.Dispose();
        _table.Dispose();
    }

    private void Note(int phase, ref double begin)
    {
        var now = Stopwatches.Now();
        Phases[phase] = Math.Min(Phases[phase], now - begin);
        begin = now;
    }
}
