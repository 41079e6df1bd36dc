using Mimir.Base;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Nnet1;

namespace Mimir.Train.Export;

/// <summary>Writes a model in the formats of other systems.</summary>
public static class ModelExport
{
    // A minute, as for features.
    private const double LongestShift = 60_000;

    /// <summary>Exports a model.</summary>
    /// <param name="options">The model and the format.</param>
    /// <returns>The files that were written; the network is the last of them.</returns>
    /// <exception cref="FileNotFoundException">The model is missing.</exception>
    /// <exception cref="InputException">It is damaged, or the format cannot express it; the message says what.</exception>
    /// <exception cref="IOException">A file cannot be written; what was there is untouched.</exception>
    public static IReadOnlyList<string> Run(ExportOptions options)
    {
        var model = ModelSource.Open(options.Sources);
        if (options.Counts is { } counts)
            model = model with { Counts = PdfCounts.Read(counts) };
        if (model.Counts is { } known && known.Values.Count != model.OutputDim)
        {
            throw new InputException(
                $"{options.Counts ?? model.Origin}: expected counts of {model.OutputDim} classes as {model.Origin} has, got "
                + $"{known.Values.Count}.");
        }

        return options.Format == ExportFormat.Onnx ? ToOnnx(model, options) : ToKaldi(model, options);
    }

    private static string[] ToOnnx(ExportableModel model, ExportOptions options)
    {
        if (options.Text || options.FeatureTransform is not null)
            throw new InputException("An ONNX model is one binary file: text and a separate feature transform are for kaldi-nnet1.");
        if (Directory.Exists(options.Output))
            throw new InputException($"{options.Output}: is a folder; name the file of the ONNX model.");
        if (options.FrameShift is { } shift && !(shift > 0 && shift <= LongestShift))
            throw new InputException($"--frame-shift: expected milliseconds above 0, at most {LongestShift}, got {shift}.");
        if (!options.KeepCellLimits && !model.Graphs.Any(graph => graph.LimitsCells))
        {
            throw new InputException(
                $"{model.Origin}: no layer limits its cells (cell-clip), so '--lstm operator' would change nothing; leave it out.");
        }

        var message = OnnxModel.Build(
            model, options.SpliceInGraph, options.KeepCellLimits, options.FrameShift ?? model.Features?.FrameShift);
        AtomicFile.Write(options.Output, message.WriteTo);
        return [options.Output];
    }

    private static List<string> ToKaldi(ExportableModel model, ExportOptions options)
    {
        if (!options.SpliceInGraph || !options.KeepCellLimits || options.FrameShift is not null)
            throw new InputException("--splice, --lstm and --frame-shift are for ONNX models; files of nnet1 have no such choice.");

        var isFolder = Directory.Exists(options.Output) || Path.EndsInDirectorySeparator(options.Output);
        string In(string name) => Path.Combine(options.Output, name);
        var transform = options.FeatureTransform ?? (isFolder && model.TransformLength > 0 ? In(ModelSource.FeatureTransform) : null);
        var split = transform is null ? 0 : model.TransformLength;
        if (transform is not null && split == 0)
        {
            throw new InputException(
                $"{model.Origin}: no splice, shift or scale comes before the network, so there is no feature transform to write.");
        }

        if (split == model.Components.Count)
            throw new InputException($"{model.Origin}: expected layers behind the feature transform, there are none.");

        var written = new List<string>();
        void Write(string path, Action<string> content)
        {
            content(path);
            written.Add(path);
        }

        if (isFolder)
            Directory.CreateDirectory(options.Output);
        if (transform is not null)
            Write(transform, path => new Nnet1File([.. model.Components.Take(split)]).Write(path, !options.Text));
        if (model.Counts is { } counts)
            Write(isFolder ? In(ModelSource.Counts) : $"{options.Output}.counts", path => counts.Write(path));
        if (isFolder)
            WriteCompanions(model, In, Write);

        Write(
            isFolder ? In(ModelSource.Network) : options.Output,
            path => new Nnet1File([.. model.Components.Skip(split)]).Write(path, !options.Text));
        return written;
    }

    // The files that steps/nnet/decode.sh looks for beside the network.
    private static void WriteCompanions(ExportableModel model, Func<string, string> pathOf, Action<string, Action<string>> write)
    {
        if (model.Transitions is { } transitions)
            write(pathOf(ModelSource.Transitions), path => transitions.Write(path));
        if (model.Features?.Cmvn is { } cmvn)
            write(pathOf("cmvn_opts"), path => AtomicFile.WriteText(path, cmvn + "\n"));
        if (model.Features?.Deltas is { } deltas)
            write(pathOf("delta_opts"), path => AtomicFile.WriteText(path, deltas + "\n"));
        if (model.Cmvn is { } statistics)
        {
            write(pathOf("cmvn_global.stats"), path => AtomicFile.Write(path, stream =>
            {
                var writer = new Mimir.Kaldi.Tables.KaldiWriter(stream, binary: true);
                writer.WriteBinaryMarker();
                writer.WriteMatrix(statistics.ToMatrix());
            }));
        }
    }
}

/// <summary>The options of an export.</summary>
public sealed record ExportOptions
{
    /// <summary>Gets the model (see <see cref="ModelSource.Open"/>).</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Gets the format.</summary>
    public required ExportFormat Format { get; init; }

    /// <summary>
    /// Gets the file to write. For Kaldi, a folder (one that is there, or a path that ends in a slash) receives the files that
    /// Kaldi's recipes look for.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>True for nnet1 files in text, with 7 digits.</summary>
    public bool Text { get; init; }

    /// <summary>Gets the file that receives splice, shift and scale apart from the network, or null to keep them in it.</summary>
    public string? FeatureTransform { get; init; }

    /// <summary>Gets a file of class counts that go along, or null for the model's own.</summary>
    public string? Counts { get; init; }

    /// <summary>True when an ONNX graph takes the frames of an utterance and splices them itself; else they are spliced before.</summary>
    public bool SpliceInGraph { get; init; } = true;

    /// <summary>
    /// True to keep the limit of the cells of an LSTM layer (cell-clip) in ONNX, by a Scan; false for the LSTM operator, without
    /// it.
    /// </summary>
    public bool KeepCellLimits { get; init; } = true;

    /// <summary>Gets the milliseconds from one frame to the next that are noted in an ONNX model, or null for the recipe's.</summary>
    public double? FrameShift { get; init; }
}

/// <summary>A format of an exported model.</summary>
public enum ExportFormat
{
    /// <summary>Files of Kaldi's nnet1.</summary>
    KaldiNnet1,

    /// <summary>An ONNX model.</summary>
    Onnx,
}
