using Mimir.Base;
using Mimir.Core.Batches;
using Mimir.Core.Graph;
using Mimir.Core.Losses;
using Mimir.Core.Optimisers;
using Mimir.Core.Tensors;

namespace Mimir.Bench.Rungs;

/// <summary>Mimir's side of the LSTM step: forward, loss, backward and the step of plain gradient descent.</summary>
internal sealed class LstmTrainer : ITrainer
{
    private readonly LayerGraph _graph;
    private readonly FrameTable _table;
    private readonly FusedStep _step;
    private readonly SequenceLayout _layout;
    private readonly int[] _rows;
    private readonly int[] _targets;

    public LstmTrainer(LstmCase of)
    {
        _graph = new LayerGraph(of.Graph(), Device.Cpu);
        _graph.Initialise(1);
        _step = new FusedStep(_graph);

        // Streams carry their state; whole utterances begin at zero.
        int[] streams = [.. Enumerable.Range(0, of.Lengths.Length)];
        _layout = of.Directions == 1 ? new(of.Lengths, streams, new bool[streams.Length]) : new(of.Lengths);
        _rows = [.. Enumerable.Range(0, of.Frames)];
        var random = new SeededRandom(2);
        _targets = [.. _rows.Select(_ => (int)(random.NextBits() % LstmCase.Outputs))];
        var features = new float[of.Frames * LstmCase.Inputs];
        for (var i = 0; i < features.Length; i++)
            features[i] = (float)random.NextNormal();
        _table = new FrameTable(Device.Cpu, features, LstmCase.Inputs, [of.Frames]);
    }

    /// <summary>Gets the least seconds so far of forward pass, loss and backward pass with step.</summary>
    public double[] Phases { get; } = [double.MaxValue, double.MaxValue, double.MaxValue];

    /// <inheritdoc/>
    public string Name => "Mimir";

    /// <inheritdoc/>
    public void UseThreads(int count) => MimirThreads.Use(count);

    /// <inheritdoc/>
    public void Step()
    {
        var begin = Stopwatches.Now();
        var logits = _graph.Forward(_table, _rows, PassMode.Train, _layout);
        Note(0, ref begin);
        CrossEntropy.Evaluate(logits, _targets, [], _graph.OutputGradient);
        Note(1, ref begin);
        _step.Backward(_graph.OutputGradient, 1e-6);
        Note(2, ref begin);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _graph.Dispose();
        _table.Dispose();
    }

    private void Note(int phase, ref double begin)
    {
        var now = Stopwatches.Now();
        Phases[phase] = Math.Min(Phases[phase], now - begin);
        begin = now;
    }
}
