using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Nnet;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>rbm-convert-to-nnet: turns the visible-to-hidden half of a restricted Boltzmann machine into a layer.</summary>
internal sealed class RbmConvertToNnetTool()
    : KaldiTool<BinaryOptions>(
        "rbm-convert-to-nnet",
        "Convert RBM to <AffineTransform> and <Sigmoid>.",
        "<rbm-in> <nnet-out>")
{
    protected override bool Execute(BinaryOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var rbm = RbmFile.Read(arguments[0], io);
        var weights = rbm.Field<MatrixField>("Weights").Value;
        var layer = new AffineTransform(weights, rbm.Field<VectorField>("HiddenBias").Values);
        NnetComponent[] components = rbm.Field<WordField>("HiddenType").Value == "bern" ? [layer, new Sigmoid(layer.OutputDim)] : [layer];
        NetworkFiles.Write(components, arguments[1], options.Binary, io);
        log.Log($"Written model to {arguments[1]}");
        return true;
    }
}
