using Mimir.Base;
using Mimir.Gmm.Gaussians;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Gmmbin;

/// <summary>gmm-transform-means: transforms the means of a model.</summary>
internal sealed class GmmTransformMeansTool()
    : KaldiTool<BinaryOptions>(
        "gmm-transform-means", "Transform GMM means with linear or affine transform", "<transform-matrix> <model-in> <model-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var transform = KaldiTables.Matrix.ReadOne(arguments[0], io);
        var model = GmmModel.Read(arguments[1], io);
        var dimension = model.Acoustic.Dimension;
        if (transform.Rows != dimension || (transform.Columns != dimension && transform.Columns != dimension + 1))
        {
            throw new InputException(
                $"{arguments[0]}: the transform is {transform.Rows} x {transform.Columns}; the model has dimension {dimension} and needs "
                + $"{dimension} rows and {dimension} columns, or {dimension + 1} with an offset.");
        }

        var transformed = new AmDiagGmm([.. model.Acoustic.Pdfs.Select(mixture => mixture.WithTransformedMeans(transform))]);
        (model with { Acoustic = transformed }).Write(arguments[2], options.Binary, io);
        log.Log($"Written model to {arguments[2]}");
        return true;
    }
}
