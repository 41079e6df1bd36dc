using Mimir.Base;
using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Nnet;

/// <summary>Reads and writes the networks that a command line names.</summary>
internal static class NetworkFiles
{
    /// <summary>Reads the components of a feature transform; none when no file is named.</summary>
    public static List<NnetComponent> ReadTransform(string file, KaldiIoOptions io) =>
        file.Length == 0 ? [] : [.. Nnet1File.Read(file, io).Components];

    /// <summary>Reads the components of a network, which has at least one.</summary>
    /// <exception cref="InputException">It has none.</exception>
    public static List<NnetComponent> ReadNetwork(string file, KaldiIoOptions io)
    {
        var components = Nnet1File.Read(file, io).Components;
        return components.Count > 0 ? [.. components] : throw new InputException($"{file}: the network has no components.");
    }

    /// <summary>Checks that the outputs of a feature transform are the inputs of a network.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public static void RequireFit(
        IReadOnlyList<NnetComponent> transform, string transformFile, IReadOnlyList<NnetComponent> network, string file)
    {
        if (transform is [.., var last] && network is [var first, ..] && last.OutputDim != first.InputDim)
            throw new InputException($"{file}: takes {first.InputDim} inputs, {transformFile} gives {last.OutputDim}.");
    }

    /// <summary>Sets the rate of every dropout component, and logs it as Kaldi does.</summary>
    public static void SetDropout(List<NnetComponent> components, float rate, KaldiLog log)
    {
        for (var i = 0; i < components.Count; i++)
        {
            if (components[i] is not Dropout dropout)
                continue;

            log.Log($"Setting dropout-rate in component {i} from {KaldiLog.Number(dropout.Rate)} to {KaldiLog.Number(rate)}");
            components[i] = dropout with { Rate = rate };
        }
    }

    /// <summary>Writes a network to a file, the standard output or a command; a file is whole or not there.</summary>
    public static void Write(IReadOnlyList<NnetComponent> components, string target, bool binary, KaldiIoOptions io)
    {
        using var output = KaldiOutput.Open(target, io);
        try
        {
            new Nnet1File(components).Write(output.Stream, binary);
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }
}
