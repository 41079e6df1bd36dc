using Mimir.Base;
using Mimir.Features.Audio;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Tables;
using Xunit.Abstractions;

namespace Mimir.Features.Tests.Audio;

/// <summary>Damaged audio and normalisation statistics.</summary>
public sealed class DamagedInputTests(ITestOutputHelper console) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("wav")]
    [InlineData("flac")]
    public void Audio_files(string kind)
    {
        short[] samples = [.. Enumerable.Range(0, 400).Select(i => (short)(1000 * Math.Sin(i * 0.3)))];
        if (kind == "wav")
            SoundFile.WriteWav(_folder.At("a"), samples, 8000, channels: 2);
        else
            SoundFile.WriteFlac(_folder.At("a"), samples, 8000);

        // libsndfile does not say where in the file it stumbled.
        Try(kind, File.ReadAllBytes(_folder.At("a")), path => SoundFile.Read(path), needsPlace: false);
    }

    [Fact]
    public void Audio_in_archives()
    {
        using (var writer = AudioTable.Clips.Create($"ark:{_folder.At("a")}"))
        {
            writer.Write("a", new AudioClip([[1, 2, 3, 4]], 8000));
            writer.Write("b", new AudioClip([[5, 6], [7, 8]], 16000));
        }

        Try(
            "wav archive",
            File.ReadAllBytes(_folder.At("a")),
            path => Walk(AudioTable.Read($"ark:{path}").Select(entry => entry.Load())),
            needsPlace: false);
    }

    [Theory]
    [InlineData("ark")]
    [InlineData("ark,t")]
    public void Normalisation_statistics(string kind)
    {
        using (var writer = KaldiTables.DoubleMatrix.Create($"{kind}:{_folder.At("s")}"))
            writer.Write("a", new double[,] { { 4, 6, 2 }, { 10, 20, 0 } });

        Try($"CMVN {kind}", File.ReadAllBytes(_folder.At("s")), path => Walk(KaldiTables.DoubleMatrix.Read($"ark:{path}").Select(pair =>
        {
            try
            {
                return new CmvnStatistics(pair.Value);
            }
            catch (InputException failure)
            {
                throw new InputException($"{path}: byte 0: {failure.Message}", failure);
            }
        })));
    }

    private static void Walk<T>(IEnumerable<T> values)
    {
        foreach (var _ in values)
            continue;
    }

    private void Try(string format, byte[] whole, Action<string> read, bool needsPlace = true) =>
        console.WriteLine($"{Fuzzer.Run(format, whole, read, needsPlace: needsPlace)}");
}
