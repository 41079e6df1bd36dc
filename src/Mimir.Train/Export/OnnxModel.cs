using System.Globalization;
using Mimir.Base;
using Mimir.Core.Blocks;

namespace Mimir.Train.Export;

/// <summary>Builds an ONNX model: the graph, and metadata about features, classes and normalisation.</summary>
internal static class OnnxModel
{
    /// <summary>The operator set, for which every runtime of the last years is made.</summary>
    public const int Opset = 13;

    private const int IrVersion = 7;

    /// <summary>Builds the model.</summary>
    /// <param name="model">The network with its metadata.</param>
    /// <param name="spliceInGraph">True to make a splice at the beginning part of the graph.</param>
    /// <param name="keepCellLimits">False to leave limits of the cells of LSTM layers out.</param>
    /// <param name="frameShift">The milliseconds from one frame to the next, or null when that is not known.</param>
    /// <exception cref="InputException">A component has no counterpart, or the model is larger than the format's 2 GiB.</exception>
    public static ProtoMessage Build(ExportableModel model, bool spliceInGraph, bool keepCellLimits, double? frameShift)
    {
        var chain = model.Graphs;
        var splice = chain[0].LeadingSplice();
        if (!spliceInGraph)
            RequireOneSplice(model, splice);

        var frameDim = chain[0].Spec.InputDim;
        var inputDim = spliceInGraph || splice is null ? frameDim : frameDim * splice.Offsets.Count;
        var message = new ProtoMessage().Int(1, IrVersion).Text(2, "mimir")
            .Message(7, new OnnxTranslation(model.Origin, keepCellLimits).Build(chain, inputDim, spliceInGraph))
            .Message(8, new ProtoMessage().Text(1, "").Int(2, Opset));
        foreach (var (key, value) in Metadata(model, frameDim, inputDim, splice, spliceInGraph, frameShift))
            message.Message(14, new ProtoMessage().Text(1, key).Text(2, value));

        return message.Length <= int.MaxValue
            ? message
            : throw new InputException($"{model.Origin}: {message.Length} bytes are more than the 2 GiB of an ONNX file.");
    }

    // Spliced frames can only be the input of a network that takes nothing else.
    private static void RequireOneSplice(ExportableModel model, SpliceSpec? splice)
    {
        if (model.Graphs.Skip(1).Any())
            throw new InputException($"{model.Origin}: a <Splice> among the layers can only be exported as part of the graph.");
        var splices = model.Graphs[0].Spec.Nodes.Select(node => node.Block).OfType<SpliceSpec>();
        if (splices.All(block => block == splice && block.Offsets is [0]))
        {
            throw new InputException(
                $"{model.Origin}: no frames are spliced before the network, so '--splice input' would change nothing; leave it out.");
        }

        if (splice is null)
        {
            throw new InputException(
                $"{model.Origin}: layers beside the splice take the frames too, so it can only be exported as part of the graph.");
        }
    }

    private static IEnumerable<(string Key, string Value)> Metadata(
        ExportableModel model, int frameDim, int inputDim, SpliceSpec? splice, bool spliceInGraph, double? frameShift)
    {
        yield return ("input_dim", Shown(inputDim));
        yield return ("output_dim", Shown(model.OutputDim));
        yield return ("frame_dim", Shown(frameDim));
        yield return ("splice", string.Join(' ', splice?.Offsets ?? [0]));
        yield return ("splice_in_graph", spliceInGraph ? "true" : "false");
        if (frameShift is { } shift)
            yield return ("frame_shift_ms", shift.ToString("R", CultureInfo.InvariantCulture));
        if (model.Features is { } features)
        {
            yield return ("features", features.Type);
            yield return ("cmvn", features.CmvnScope);
            if (features.Cmvn is { } cmvn)
                yield return ("cmvn_options", cmvn);
            if (features.Deltas is { } deltas)
                yield return ("deltas_options", deltas);
        }

        if (model.Cmvn is { } statistics)
            yield return ("cmvn_stats", Row(statistics.ToMatrix().Cast<double>()));
        if (model.Counts is { } counts)
        {
            yield return ("class_counts", Row(counts.Values));
            yield return ("log_priors", Row(counts.LogPriors()));
        }
    }

    private static string Row<T>(IEnumerable<T> values)
        where T : IFormattable => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private static string Shown(int value) => value.ToString(CultureInfo.InvariantCulture);
}
