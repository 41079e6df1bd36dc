
namespace Mimir.Cli.Tests.Support;

/// <summary>A tiny corpus as it is published: relative names in all scripts, and a manifest.</summary>
internal static class PublishedCorpus
{
    /// <summary>Puts a corpus with audio and features into an empty folder.</summary>
    public static void Publish(this TinyCorpus corpus, string folder)
    {
        corpus.WriteAudio(16000);
        foreach (var file in Directory.GetFiles(corpus.Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(corpus.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (file.EndsWith(".scp", StringComparison.Ordinal))
                File.WriteAllText(copy, File.ReadAllText(file).Replace(corpus.Folder + "/", "", StringComparison.Ordinal));
            else
                File.Copy(file, copy);
        }

        Nginx.WriteManifest(folder);
    }

    /// <summary>A recipe of the corpus for the one that is published.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="text">The recipe for the corpus as it is here.</param>
    /// <param name="source">Where it is published.</param>
    /// <param name="output">The run's folder.</param>
    /// <param name="cache">The folder of the cache.</param>
    /// <param name="gigabytes">Its limit.</param>
    public static string Elsewhere(
        this TinyCorpus corpus, string text, string source, string output, string cache, double gigabytes = 0.1) => text
        .Replace($"output: {corpus.At("exp")}", $"output: {output}", StringComparison.Ordinal)
        .Replace(corpus.Folder + "/", "", StringComparison.Ordinal)
        .Replace(
            "corpus:", FormattableString.Invariant($"corpus:\n  source: {source}\n  cache: {{folder: {cache}, gigabytes: {gigabytes}}}"),
            StringComparison.Ordinal);
}
