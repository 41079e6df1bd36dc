namespace Mimir.Train.Export;

/// <summary>What to export, and how.</summary>
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

    /// <summary>Gets whether nnet1 files are text, with 7 digits; false by default.</summary>
    public bool Text { get; init; }

    /// <summary>Gets the file that receives splice, shift and scale apart from the network, or null to keep them in it.</summary>
    public string? FeatureTransform { get; init; }

    /// <summary>Gets a file of class counts that go along, or null for the model's own.</summary>
    public string? Counts { get; init; }

    /// <summary>Gets whether an ONNX graph takes the frames of an utterance and splices them itself; true by default. Without,
    /// it takes frames that are spliced already.</summary>
    public bool SpliceInGraph { get; init; } = true;

    /// <summary>Gets the milliseconds from one frame to the next that are noted in an ONNX model, or null for the recipe's.</summary>
    public double? FrameShift { get; init; }
}
