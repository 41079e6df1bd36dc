using Mimir.Base;
using Mimir.Core.Pretraining;
using Mimir.Core.Tensors;
using Mimir.Kaldi.Matrices;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Networks of one component, a restricted Boltzmann machine.</summary>
internal static class RbmFile
{
    /// <summary>Reads such a network.</summary>
    /// <exception cref="InputException">It is another network.</exception>
    public static GenericComponent Read(string file, KaldiIoOptions io) =>
        Nnet1File.Read(file, io).Components is [GenericComponent { Kind: "Rbm" } only]
            ? only
            : throw new InputException($"{file}: expected a network of one component, <Rbm>.");

    /// <summary>The machine of a component.</summary>
    public static Rbm Machine(GenericComponent component, Device device) => new(
        device,
        Unit(component, "VisibleType"),
        Unit(component, "HiddenType"),
        new(
            component.Field<MatrixField>("Weights").Value.Data,
            component.Field<VectorField>("VisibleBias").Values,
            component.Field<VectorField>("HiddenBias").Values));

    /// <summary>The component with the parameters of a machine.</summary>
    public static GenericComponent With(GenericComponent component, Rbm machine)
    {
        var parameters = machine.CopyParameters();
        return component
            .With(new MatrixField("Weights", new FloatMatrix(machine.HiddenDim, machine.VisibleDim, parameters.Weights)))
            .With(new VectorField("VisibleBias", parameters.VisibleBias))
            .With(new VectorField("HiddenBias", parameters.HiddenBias));
    }

    private static RbmUnit Unit(GenericComponent component, string field) =>
        component.Field<WordField>(field).Value == "bern" ? RbmUnit.Bernoulli : RbmUnit.Gaussian;
}
