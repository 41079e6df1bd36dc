using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Writes what the programs of this folder make.</summary>
internal static class NnetOutput
{
    /// <summary>Writes a network to a file, the standard output or a command.</summary>
    public static void Write(Nnet1File network, string target, bool binary, KaldiIoOptions io) =>
        Write(target, io, stream => network.Write(stream, binary));

    /// <summary>Writes something to a file, the standard output or a command; a file is whole or not there.</summary>
    public static void Write(string target, KaldiIoOptions io, Action<Stream> write)
    {
        using var output = KaldiOutput.Open(target, io);
        try
        {
            write(output.Stream);
        }
        catch (Exception)
        {
            output.Discard();
            throw;
        }
    }
}
