using System.Text;
using Mimir.Core.Batches;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.KaldiTools.CommandLine;
using Mimir.Train.Evaluation;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Formats the outputs, derivatives and gradients of every component of a network, as Kaldi's trainers log them.</summary>
/// <remarks>
/// The graph that trains fuses activations with the layers before them and keeps no gradients. This one has every component
/// apart, and computes the few batches that are logged a second time.
/// </remarks>
internal sealed class NetworkStatistics : IDisposable
{
    private readonly Nnet1Network _training;
    private readonly Nnet1Network _network;
    private readonly int _first;

    // The parameters of the graph that trains for those of this one, by index; a constant part of a fused layer has none.
    private readonly Dictionary<int, int> _trained = [];

    /// <summary>Builds the graph.</summary>
    /// <param name="training">The network that is trained.</param>
    /// <param name="transform">The number of constant components at its beginning, which are not logged.</param>
    /// <param name="origin">The file, for messages.</param>
    public NetworkStatistics(Nnet1Network training, int transform, string origin)
    {
        // A trainable shift by zero makes the graph compute the derivative at the network's input.
        var components = training.Components;
        NnetComponent input = new AddShift(new float[components[transform].InputDim]);
        (_training, _first) = (training, transform);
        _network = Nnet1Network.Build(
            training.Graph.Device, [.. components.Take(transform), input, .. components.Skip(transform)], origin, transform, fuse: false);
        foreach (var i in Places)
        {
            foreach (var (index, name) in SlicesOf(_network, i))
            {
                foreach (var (trained, _) in SlicesOf(training, i - 1).Where(slice => slice.Name == name))
                    _trained[index] = trained;
            }
        }
    }

    private IEnumerable<int> Places => Enumerable.Range(_first + 1, _network.Components.Count - _first - 1);

    /// <summary>Copies the parameters of the graph that trains.</summary>
    public void CopyParameters()
    {
        foreach (var (index, trained) in _trained)
            _network.Graph.Parameters.ValueOf(index).copy_(_training.Graph.Parameters.ValueOf(trained));
    }

    /// <summary>Computes a batch forward and formats the outputs.</summary>
    /// <param name="table">The frames.</param>
    /// <param name="rows">Those of the batch.</param>
    /// <param name="sequences">The layout of sequences; null for single frames.</param>
    /// <param name="states">The states before the batch of the graph that trains, where streams carry state; else null.</param>
    public string Propagate(
        FrameTable table, ReadOnlySpan<int> rows, SequenceLayout? sequences, IReadOnlyDictionary<string, float[]>? states)
    {
        if (states is not null && sequences is not null)
            _network.Graph.SetStates(states, sequences.Streams.Length);

        _network.Graph.Forward(table, rows, PassMode.Train, sequences);
        var text = new StringBuilder("\n### FORWARD PROPAGATION BUFFER CONTENT :\n")
            .Append($"[0] output of <Input> {MomentStatistics.Of(_network.Graph.OutputOf(_network.NodeOf(_first)).ToArray())}\n");
        foreach (var i in Places)
            text.Append($"[{i - _first}] output of <{_network.Components[i].Name}>{MomentStatistics.Of(OutputOf(i))}\n");

        return text.Append("### END FORWARD\n").ToString();
    }

    /// <summary>Computes the same batch backward and formats the derivatives.</summary>
    /// <param name="outputGradient">The gradient at the output.</param>
    public string Backpropagate(Tensor outputGradient)
    {
        var graph = _network.Graph;
        var last = MomentStatistics.Of(outputGradient.ToArray());
        graph.OutputGradient.copy_(outputGradient);
        graph.Backward(graph.OutputGradient);
        var text = new StringBuilder("\n### BACKWARD PROPAGATION BUFFER CONTENT :\n")
            .Append($"[0] diff of <Input> {MomentStatistics.Of(graph.GradientAt(_network.NodeOf(_first)).ToArray())}\n");
        foreach (var i in Places)
        {
            var gradient = IsComputedByLoss(i) ? last : MomentStatistics.Of(graph.GradientAt(_network.NodeOf(i)).ToArray());
            text.Append($"[{i - _first}] diff-output of <{_network.Components[i].Name}>{gradient}\n");
        }

        return text.Append("### END BACKWARD\n\n").ToString();
    }

    /// <summary>Formats the gradients of the parameters.</summary>
    /// <param name="corrections">With momentum, the optimiser's sums for the parameters of the graph that trains; else null.</param>
    public string Gradients(HostTensor? corrections)
    {
        string Of(int component, string name)
        {
            var slice = SlicesOf(_network, component).First(slice => slice.Name == name).Index;
            if (corrections is null || !_trained.TryGetValue(slice, out var trained))
                return MomentStatistics.Of(_network.Graph.Parameters.GradientOf(slice).ToArray()).ToString();

            var place = _training.Graph.Parameters.Slices[trained];
            return MomentStatistics.Of(corrections.Values.AsSpan((int)place.Offset, (int)place.Count)).ToString();
        }

        var text = new StringBuilder("\n### GRADIENT STATS :\n");
        foreach (var i in Places)
            text.Append($"Component {i - _first} : <{_network.Components[i].Name}>, {Gradients(i, Of)}\n");

        return text.Append("### END GRADIENT\n").ToString();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    // The parameters of a component in a network's graph; an activation that is fused has those of its affine transform.
    private static IEnumerable<(int Index, string Name)> SlicesOf(Nnet1Network network, int component)
    {
        var prefix = $"{network.NodeOf(component)}.";
        return network.Graph.Parameters.Slices.Index().Where(slice => slice.Item.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(slice => (slice.Index, slice.Item.Name[prefix.Length..]));
    }

    private string Gradients(int component, Func<int, string, string> of) => _network.Components[component] switch
    {
        AffineTransform affine =>
            $"\n  linearity_grad{of(component, "weight")}, lr-coef {KaldiLog.Number(affine.LearnRateCoef)}, "
            + $"max-norm {KaldiLog.Number(affine.MaxNorm)}"
            + $"\n  bias_grad{of(component, "bias")}, lr-coef {KaldiLog.Number(affine.BiasLearnRateCoef)}",
        LinearTransform linear => $"\n  linearity_grad{of(component, "weight")}, lr-coef {KaldiLog.Number(linear.LearnRateCoef)}",
        ParametricRelu relu => Slope(relu, "alpha", relu.AlphaLearnRateCoef, component, of)
            + Slope(relu, "beta", relu.BetaLearnRateCoef, component, of),
        AddShift { LearnRateCoef: not 0 } shift =>
            $"\n  shift_data_grad{of(component, "shift")}, lr-coef {KaldiLog.Number(shift.LearnRateCoef)}",
        Rescale { LearnRateCoef: not 0 } scale =>
            $"\n  scale_data_grad{of(component, "scale")}, lr-coef {KaldiLog.Number(scale.LearnRateCoef)}",
        LstmProjected lstm => Recurrent(lstm.Training, Lstm(component, "", "", of)),
        BlstmProjected blstm => Recurrent(
            blstm.Training, Lstm(component, "f_", LstmWeights.Forward, of) + "\n  ---" + Lstm(component, "b_", LstmWeights.Backward, of)),
        _ => "",
    };

    // Kaldi computes no gradient of a slope that does not learn.
    private static string Slope(ParametricRelu relu, string name, float rate, int component, Func<int, string, string> of)
    {
        var gradient = rate > 0 ? of(component, name) : MomentStatistics.Of(new float[relu.OutputDim]).ToString();
        return $"\n  {name}_grad{gradient}, {name}-lr-coef {KaldiLog.Number(rate)}";
    }

    // Kaldi also logs the buffers within the layer, which the fused layer does not keep.
    private static string Recurrent(LstmTraining training, string gradients) =>
        $"{Nnet1Info.Describe(training)}\n  ### Gradients {gradients}";

    private static string Lstm(int component, string kaldiPrefix, string prefix, Func<int, string, string> of) =>
        string.Concat(LstmWeights.Names.Select(name => $"\n  {kaldiPrefix}{name.Kaldi}_corr_  {of(component, prefix + name.Name)}"));

    private bool IsComputedByLoss(int component) => component == _network.Components.Count - 1
        && _network.Components[component] is Softmax or GenericComponent { Kind: "BlockSoftmax" };

    private float[] OutputOf(int component)
    {
        if (!IsComputedByLoss(component))
            return _network.Graph.OutputOf(_network.NodeOf(component)).ToArray();

        var logits = _network.Graph.OutputOf(_network.NodeOf(component - 1));
        var output = new FloatMatrix(logits.Rows, logits.Columns, logits.ToArray());
        Nnet1Pipeline.ApplyBlockSoftmax(output, _network.Components[component] is GenericComponent blocks
            ? blocks.Field<IntVectorField>("BlockDims").Values
            : [output.Columns]);
        return output.Data;
    }
}
