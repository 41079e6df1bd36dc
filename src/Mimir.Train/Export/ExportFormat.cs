namespace Mimir.Train.Export;

/// <summary>What a model can be exported as.</summary>
public enum ExportFormat
{
    /// <summary>Files of Kaldi's nnet1.</summary>
    KaldiNnet1,

    /// <summary>An ONNX model.</summary>
    Onnx,
}
