using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Mimir.Train.Tests.Export;

/// <summary>Computes an ONNX model outside of this program: by ONNX Runtime, which checks the whole graph when it loads it.</summary>
internal static class OnnxRuntime
{
    /// <summary>Computes an output for frames, and gives it with the metadata as <c>key=value</c> words.</summary>
    public static (float[] Values, string Metadata) Compute(string model, float[] frames, string output)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        using var session = new InferenceSession(model, options);
        var (name, input) = session.InputMetadata.Single();
        var tensor = new DenseTensor<float>(frames, [frames.Length / input.Dimensions[1], input.Dimensions[1]]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(name, tensor)], [output]);
        var metadata = session.ModelMetadata.CustomMetadataMap;
        return ([.. results.Single().AsTensor<float>()], string.Join(' ', metadata.Select(entry => $"{entry.Key}={entry.Value}")));
    }
}
