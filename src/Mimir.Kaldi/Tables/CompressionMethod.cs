namespace Mimir.Kaldi.Tables;

/// <summary>Kaldi's lossy ways to store a matrix, by Kaldi's numbers.</summary>
public enum CompressionMethod
{
    /// <summary><see cref="SpeechFeature"/> for more than 8 rows, else <see cref="TwoByteAuto"/>.</summary>
    Automatic = 1,

    /// <summary>A byte a value, on a scale of its own for each column (CM).</summary>
    SpeechFeature = 2,

    /// <summary>Two bytes a value from the least to the greatest of the matrix (CM2).</summary>
    TwoByteAuto = 3,

    /// <summary>Two bytes a value, integers from -32768 to 32767 (CM2).</summary>
    TwoByteSignedInteger = 4,

    /// <summary>A byte a value from the least to the greatest of the matrix (CM3).</summary>
    OneByteAuto = 5,

    /// <summary>A byte a value, integers from 0 to 255 (CM3).</summary>
    OneByteUnsignedInteger = 6,

    /// <summary>A byte a value from 0 to 1 (CM3).</summary>
    OneByteZeroOne = 7,
}
