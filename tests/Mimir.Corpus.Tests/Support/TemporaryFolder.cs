namespace Mimir.Corpus.Tests.Support;

/// <summary>An empty folder that goes when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-corpus-");

    public string At(string relative) => Path.Combine(_folder.FullName, relative);

    public void Dispose() => _folder.Delete(recursive: true);
}
