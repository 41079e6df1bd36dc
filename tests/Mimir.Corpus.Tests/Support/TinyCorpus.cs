namespace Mimir.Corpus.Tests.Support;

/// <summary>Options of a corpus of ten utterances.</summary>
public static class TinyCorpus
{
    public static MandarinDigitsOptions At(string folder) => new()
    {
        Folder = folder,
        TrainUtterances = 6,
        TrainSpeakers = 3,
        DevUtterances = 2,
        DevSpeakers = 1,
        TestUtterances = 2,
        TestSpeakers = 2,
        LongestString = 5,
    };
}
