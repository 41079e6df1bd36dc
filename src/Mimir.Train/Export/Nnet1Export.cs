using Mimir.Base;
using Mimir.Core.Blocks;
using Mimir.Core.Graph;
using Mimir.Core.Models;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Train.Evaluation;
using CoreActivation = Mimir.Core.Blocks.Activation;

namespace Mimir.Train.Export;

/// <summary>Translates a layer graph to components of Kaldi's nnet1.</summary>
/// <remarks>
/// A batch normalisation, which nnet1 does not have, becomes part of the affine transform before it or behind it; with
/// neither next to it, a scale and a shift that stay as they are. A rectifier is a ParametricRelu of the slopes 1 and 0. A
/// recurrent layer without peepholes has peepholes of 0, one without a projection has the identity for it.
/// </remarks>
public sealed class Nnet1Export
{
    private const string OnnxHasIt = "--format onnx exports the model";

    private readonly List<NnetComponent> _components = [];
    private readonly ExportedGraph _graph;
    private Diagonal? _pending;

    private Nnet1Export(ExportedGraph graph) => _graph = graph;

    /// <summary>Translates a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="weights">Its parameters by name (see <see cref="ModelFolder.Weights"/>).</param>
    /// <param name="origin">The file or folder, for messages.</param>
    /// <exception cref="InputException">The graph has branches or a block without counterpart, or parameters are not finite.</exception>
    public static IReadOnlyList<NnetComponent> Translate(
        GraphSpec graph, IReadOnlyDictionary<string, HostTensor> weights, string origin)
    {
        var export = new Nnet1Export(new ExportedGraph(graph, weights, origin));
        var (before, dim) = (NodeSpec.GraphInput, graph.InputDim);
        foreach (var node in graph.Nodes)
        {
            if (node.Inputs.Count > 1 || (node.Inputs is [var input] && input != before))
            {
                throw new InputException(
                    $"{origin}: node '{node.Name}' takes {string.Join(", ", node.Inputs)}; a network of nnet1 is one chain, without "
                    + $"branches; {OnnxHasIt}.");
            }

            dim = export.Add(node, dim);
            before = node.Name;
        }

        export.Flush();
        return export._components;
    }

    private int Add(NodeSpec node, int dim)
    {
        switch (node.Block)
        {
            case SpliceSpec splice:
                if (!splice.Offsets.SequenceEqual([0]))
                    _components.Add(new Splice(dim, [.. splice.Offsets]));
                return dim * splice.Offsets.Count;
            case AddShiftSpec shift:
                Flush();
                _components.Add(new AddShift(shift.LearnRateCoef == 0 ? [.. shift.Shift] : Finite($"{node.Name}.shift"))
                {
                    LearnRateCoef = shift.LearnRateCoef,
                });
                return dim;
            case RescaleSpec scale:
                Flush();
                _components.Add(new Rescale(scale.LearnRateCoef == 0 ? [.. scale.Scale] : Finite($"{node.Name}.scale"))
                {
                    LearnRateCoef = scale.LearnRateCoef,
                });
                return dim;
            case CopySpec copy:
                Flush();
                _components.Add(new Copy(dim, [.. copy.Indices]));
                return copy.Indices.Count;
            case LinearSpec linear:
                Flush();
                _components.Add(new LinearTransform(new FloatMatrix(linear.OutputDim, dim, [.. Finite($"{node.Name}.weight")]))
                {
                    LearnRateCoef = linear.LearnRateCoef,
                });
                return linear.OutputDim;
            case BlstmSpec blstm:
                Flush();
                _components.Add(new BlstmProjected(
                    Lstm(blstm, dim, $"{node.Name}.{LstmWeights.Forward}"), Lstm(blstm, dim, $"{node.Name}.{LstmWeights.Backward}"),
                    LstmWeights.TrainingOf(blstm)));
                return _components[^1].OutputDim;
            case LstmSpec lstm:
                Flush();
                _components.Add(new LstmProjected(Lstm(lstm, dim, $"{node.Name}."), LstmWeights.TrainingOf(lstm)));
                return _components[^1].OutputDim;
            case ActivationSpec activation:
                Flush();
                if (Activation(activation.Activation, dim) is { } apart)
                    _components.Add(apart);
                return dim;
            case ParametricReluSpec relu:
                Flush();
                _components.Add(new ParametricRelu([.. Finite($"{node.Name}.alpha")], [.. Finite($"{node.Name}.beta")])
                {
                    AlphaLearnRateCoef = relu.AlphaLearnRateCoef,
                    BetaLearnRateCoef = relu.BetaLearnRateCoef,
                });
                return dim;
            case AffineSpec affine:
                AddAffine(node.Name, affine, dim);
                return affine.OutputDim;
            case BatchNormSpec norm:
                AddBatchNorm(node.Name, norm);
                return dim;
            case DropoutSpec dropout:
                Flush();
                _components.Add(new Dropout(dim) { Rate = dropout.Rate });
                return dim;
            case SoftmaxSpec:
                Flush();
                _components.Add(new Softmax(dim));
                return dim;
            case SumSpec { Scales: null }:
                return dim;
            default:
                throw new InputException(
                    $"{_graph.Origin}: node '{node.Name}' ({node.Block.TypeName()}) has no counterpart in nnet1; {OnnxHasIt}.");
        }
    }

    private LstmParameters Lstm(LstmSpec spec, int inputs, string prefix) =>
        LstmWeights.Read(spec, inputs, name => Finite(prefix + name));

    private void AddAffine(string name, AffineSpec spec, int inputs)
    {
        var weights = new FloatMatrix(spec.OutputDim, inputs, [.. Finite($"{name}.weight")]);
        float[] bias = [.. Finite($"{name}.bias")];
        _pending?.FoldBefore(weights, bias);
        _pending = null;
        _components.Add(new AffineTransform(weights, bias)
        {
            LearnRateCoef = spec.LearnRateCoef,
            BiasLearnRateCoef = spec.BiasLearnRateCoef,
            MaxNorm = spec.MaxNorm,
        });
        if (Activation(spec.Activation, spec.OutputDim) is { } activation)
            _components.Add(activation);
    }

    private static NnetComponent? Activation(CoreActivation activation, int dim)
    {
        var slopes = new float[dim];
        Array.Fill(slopes, 1);
        return activation switch
        {
            CoreActivation.Sigmoid => new Sigmoid(dim),
            CoreActivation.Tanh => new Tanh(dim),
            CoreActivation.Relu => new ParametricRelu(slopes, new float[dim]),
            _ => null,
        };
    }

    private void AddBatchNorm(string name, BatchNormSpec spec)
    {
        var (gamma, beta) = (Finite($"{name}.gamma"), Finite($"{name}.beta"));
        var (mean, variance) = (Finite($"{name}.running-mean"), Finite($"{name}.running-variance"));
        var diagonal = new Diagonal(new double[gamma.Length], new double[gamma.Length]);
        for (var i = 0; i < gamma.Length; i++)
        {
            diagonal.Scale[i] = gamma[i] / Math.Sqrt((double)variance[i] + spec.Epsilon);
            diagonal.Shift[i] = beta[i] - (mean[i] * diagonal.Scale[i]);
        }

        if (_pending is null && _components is [.., AffineTransform affine])
            diagonal.FoldAfter(affine.Weights, affine.Bias);
        else
            _pending = _pending?.Then(diagonal) ?? diagonal;
    }

    // Nothing is folded into an affine transform any more: what is left becomes a scale and a shift.
    private void Flush()
    {
        if (_pending is not { } diagonal)
            return;

        _components.Add(new Rescale(Array.ConvertAll(diagonal.Scale, value => (float)value)) { LearnRateCoef = 0 });
        _components.Add(new AddShift(Array.ConvertAll(diagonal.Shift, value => (float)value)) { LearnRateCoef = 0 });
        _pending = null;
    }

    private float[] Finite(string name) => _graph.Parameter(name).Values;

    /// <summary>y = scale * x + shift, element by element.</summary>
    private sealed record Diagonal(double[] Scale, double[] Shift)
    {
        public Diagonal Then(Diagonal next) => new(
            [.. Scale.Zip(next.Scale, (first, second) => first * second)],
            [.. Shift.Select((value, i) => (value * next.Scale[i]) + next.Shift[i])]);

        /// <summary>Makes W (S x + t) + b of W x + b.</summary>
        public void FoldBefore(FloatMatrix weights, float[] bias)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                var values = weights.Row(row);
                var shift = (double)bias[row];
                for (var i = 0; i < values.Length; i++)
                {
                    shift += values[i] * Shift[i];
                    values[i] = (float)(values[i] * Scale[i]);
                }

                bias[row] = (float)shift;
            }
        }

        /// <summary>Makes S (W x + b) + t of W x + b.</summary>
        public void FoldAfter(FloatMatrix weights, float[] bias)
        {
            for (var row = 0; row < weights.Rows; row++)
            {
                foreach (ref var value in weights.Row(row))
                    value = (float)(value * Scale[row]);

                bias[row] = (float)((bias[row] * Scale[row]) + Shift[row]);
            }
        }
    }
}
