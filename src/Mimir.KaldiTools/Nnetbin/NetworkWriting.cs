using Mimir.Kaldi.Nnet1;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Writes the network that a program made.</summary>
internal static class NetworkWriting
{
    /// <summary>Writes all of it, or nothing.</summary>
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
