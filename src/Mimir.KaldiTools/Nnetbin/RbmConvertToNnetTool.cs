using Mimir.Base;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>rbm-convert-to-nnet: the upward half of a restricted Boltzmann machine as a layer.</summary>
internal sealed class RbmConvertToNnetTool : KaldiTool
{
    private bool _binary = true;

    /// <summary>Creates the program.</summary>
    public RbmConvertToNnetTool()
        : base("rbm-convert-to-nnet", "Convert RBM to <AffineTransform> and <Sigmoid>.", "<rbm-in> <nnet-out>")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser) =>
        parser.AddBool("binary", true, "Write output in binary mode", v => _binary = v);

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var rbm = Nnet1File.Read(arguments[0], io).Components is [GenericComponent { Kind: "Rbm" } only]
            ? only
            : throw new InputException($"{arguments[0]}: expected a network of one component, <Rbm>.");
        var weights = rbm.Field<MatrixField>("Weights").Value;
        var layer = new AffineTransform(weights, rbm.Field<VectorField>("HiddenBias").Values);
        NnetComponent[] components = rbm.Field<WordField>("HiddenType").Value == "bern" ? [layer, new Sigmoid(layer.OutputDim)] : [layer];
        NnetOutput.Write(new Nnet1File(components), arguments[1], _binary, io);
        log.Log($"Written model to {arguments[1]}");
        return true;
    }
}
