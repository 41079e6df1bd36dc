using Mimir.Base;
using Mimir.Core.Tensors;
using Mimir.Decode.Alignment;
using Mimir.Decode.Lexicons;
using Mimir.Decode.Search;
using Mimir.Features.Extraction;
using Mimir.Kaldi.Alignments;
using Mimir.Kaldi.Tables;
using Mimir.Train.Data;
using Mimir.Train.Evaluation;

namespace Mimir.Train.Packages;

/// <summary>A model that is ready to transcribe: features, network, priors, graph, words and weights.</summary>
public sealed class SpeechModel : IDisposable
{
    private SpeechModel(PackageRecipe recipe, IFeatureExtractor extractor, AcousticModel acoustic, DecodingGraph graph)
    {
        (Recipe, Extractor, Acoustic, Graph) = (recipe, extractor, acoustic, graph);
        Search = new()
        {
            Beam = (float)recipe.Decode.Beam,
            MaxActive = recipe.Decode.MaxActive,
            LatticeBeam = (float)recipe.Decode.LatticeBeam,
            AcousticScale = (float)recipe.Decode.AcousticScale,
        };
    }

    /// <summary>Gets features, weights and the name.</summary>
    public PackageRecipe Recipe { get; }

    /// <summary>Gets the features of audio.</summary>
    public IFeatureExtractor Extractor { get; }

    /// <summary>Gets the network with its priors.</summary>
    public AcousticModel Acoustic { get; }

    /// <summary>Gets the graph.</summary>
    public DecodingGraph Graph { get; }

    /// <summary>Gets the beams of the search.</summary>
    public DecoderOptions Search { get; }

    /// <summary>Gets the transition model.</summary>
    public required TransitionModel Transitions { get; init; }

    /// <summary>Gets the aligner of words by their pronunciations; null where the graph came without them.</summary>
    public WordSegmenter? Words { get; init; }

    /// <summary>Gets the phones of silence, at which a stream may be cut; none where nothing tells them.</summary>
    public IReadOnlyList<int> SilencePhones { get; init; } = [];

    /// <summary>Gets the normalisation over the training set; null where each speaker or utterance has its own.</summary>
    public CmvnStatistics? Cmvn { get; init; }

    /// <summary>Loads a model.</summary>
    /// <param name="files">Its files.</param>
    /// <exception cref="InputException">A file is damaged, or the parts do not belong together.</exception>
    /// <exception cref="IOException">A file is missing.</exception>
    public static SpeechModel Load(ModelFiles files)
    {
        var extractor = FeatureSource.ExtractorOf(files.Recipe.Features);
        var rate = extractor.Options.Frame.SampleFrequency;
        if (rate != MathF.Truncate(rate))
            throw new InputException($"features.sample-frequency: expected whole hertz, to which other audio is resampled, got {rate}.");

        var transitions = files.Model.Transitions();
        var acoustic = files.Model.Load(Device.Parse(files.Recipe.Device), files.Counts, files.Recipe.Evaluate);
        try
        {
            var pronunciations = files.AlignLexicon is { } lexicon ? AlignLexicon.Read(lexicon) : [];
            return new(files.Recipe, extractor, acoustic, DecodingGraph.Read(files.Graph, transitions))
            {
                Transitions = transitions,
                Cmvn = files.Model.Cmvn(),
                Words = pronunciations.Count > 0 ? WordSegmenter.Of(pronunciations) : null,
                SilencePhones = files.Silence is { } silence
                    ? IntegerList.Read(silence)
                    : [.. pronunciations.Where(entry => entry is { Word: 0, Phones.Count: 1 }).Select(entry => entry.Phones[0])],
            };
        }
        catch (Exception)
        {
            acoustic.Dispose();
            throw;
        }
    }

    /// <summary>Creates decoders of the graph.</summary>
    /// <param name="threads">The number of threads; 0 takes all cores.</param>
    /// <exception cref="InputException">Graph and transition model do not belong together.</exception>
    public BatchDecoder CreateDecoder(int threads = 0) =>
        new(Graph.Graph, Graph.PdfOfTransition, Search, Graph.PhoneBegins, threads == 0 ? null : threads);

    /// <inheritdoc/>
    public void Dispose() => Acoustic.Dispose();
}
