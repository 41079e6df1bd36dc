using System.Text.Json.Serialization;

namespace Mimir.Corpus.Output;

/// <summary>How a corpus' manifest becomes JSON, without reflection, so that the program can be trimmed.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(CorpusManifest))]
[JsonSerializable(typeof(MandarinDigitsOptions))]
internal sealed partial class CorpusJson : JsonSerializerContext;
