using Mimir.Base;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Reads the networks of a command line.</summary>
internal static class NetworkReading
{
    /// <summary>The components of a feature transform; none when no file is named.</summary>
    public static List<NnetComponent> Transform(string file, KaldiIoOptions io) =>
        file.Length == 0 ? [] : [.. Nnet1File.Read(file, io).Components];

    /// <summary>The components of a network, which has at least one.</summary>
    public static List<NnetComponent> Network(string file, KaldiIoOptions io)
    {
        var components = Nnet1File.Read(file, io).Components;
        return components.Count > 0 ? [.. components] : throw new InputException($"{file}: the network has no components.");
    }

    /// <summary>Checks that a network takes what its feature transform gives.</summary>
    /// <exception cref="InputException">It does not.</exception>
    public static void RequireFit(
        IReadOnlyList<NnetComponent> transform, string transformFile, IReadOnlyList<NnetComponent> network, string file)
    {
        if (transform is [.., var last] && network is [var first, ..] && last.OutputDim != first.InputDim)
            throw new InputException($"{file}: takes {first.InputDim} inputs, {transformFile} gives {last.OutputDim}.");
    }

    /// <summary>Turns dropout off, and says so as Kaldi does.</summary>
    public static void DisableDropout(List<NnetComponent> components, KaldiLog log)
    {
        for (var i = 0; i < components.Count; i++)
        {
            if (components[i] is not Dropout dropout)
                continue;

            log.Log($"Setting dropout-rate in component {i} from {Digits.Of(dropout.Rate)} to 0");
            components[i] = dropout with { Rate = 0 };
        }
    }
}
