using System.Globalization;
using Mimir.Base;
using Mimir.Kaldi.Nnet1;

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
    /// <param name="frameShift">The milliseconds from one frame to the next, or null when that is not known.</param>
    /// <exception cref="InputException">A component has no counterpart, or the model is larger than the format's 2 GiB.</exception>
    public static ProtoMessage Build(ExportableModel model, bool spliceInGraph, double? frameShift)
    {
        var components = model.Components;
        var splice = components is [Splice first, ..] ? first : null;
        if (!spliceInGraph)
        {
            components = [.. components.Skip(splice is null ? 0 : 1)];
            if (components.OfType<Splice>().Any())
                throw new InputException($"{model.Origin}: a <Splice> among the layers can only be exported as part of the graph.");
        }

        var message = new ProtoMessage().Int(1, IrVersion).Text(2, "mimir")
            .Message(7, new OnnxTranslation(model.Origin).Build(components))
            .Message(8, new ProtoMessage().Text(1, "").Int(2, Opset));
        foreach (var (key, value) in Metadata(model, components, splice, spliceInGraph, frameShift))
            message.Message(14, new ProtoMessage().Text(1, key).Text(2, value));

        return message.Length <= int.MaxValue
            ? message
            : throw new InputException($"{model.Origin}: {message.Length} bytes are more than the 2 GiB of an ONNX file.");
    }

    private static IEnumerable<(string Key, string Value)> Metadata(
        ExportableModel model, IReadOnlyList<NnetComponent> components, Splice? splice, bool spliceInGraph, double? frameShift)
    {
        yield return ("input_dim", Shown(components[0].InputDim));
        yield return ("output_dim", Shown(components[^1].OutputDim));
        yield return ("frame_dim", Shown(model.Components[0].InputDim));
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
