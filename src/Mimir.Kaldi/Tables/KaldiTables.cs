using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Tables;

/// <summary>The kinds of tables that Kaldi's programs exchange. Types with a form of their own have it as a member <c>Table</c>.</summary>
public static class KaldiTables
{
    /// <summary>Gets float matrices such as features; double and compressed ones are read as float.</summary>
    public static Table<FloatMatrix> Matrix { get; } = new(new MatrixHolder());

    /// <summary>Gets the sizes of matrices of any kind, which are read without their values.</summary>
    public static Table<MatrixSize> MatrixSize { get; } = new(new MatrixSizeHolder());

    /// <summary>Gets double matrices such as normalisation statistics.</summary>
    public static Table<double[,]> DoubleMatrix { get; } = new(new DoubleMatrixHolder());

    /// <summary>Gets float vectors such as the weights of frames.</summary>
    public static Table<float[]> FloatVector { get; } = new(new FloatVectorHolder());

    /// <summary>Gets integer vectors such as alignments.</summary>
    public static Table<int[]> IntVector { get; } = new(new IntVectorHolder());

    /// <summary>Gets vectors of pairs of integers such as phones with their lengths in frames.</summary>
    public static Table<(int First, int Second)[]> IntPairVector { get; } = new(new IntPairVectorHolder());

    /// <summary>Gets vectors of pairs of floats such as begins and ends of words in frames.</summary>
    public static Table<(float First, float Second)[]> FloatPairVector { get; } = new(new FloatPairVectorHolder());

    /// <summary>Gets integers such as lengths in frames.</summary>
    public static Table<int> IntScalar { get; } = new(new IntScalarHolder());

    /// <summary>Gets floats such as warp factors.</summary>
    public static Table<float> FloatScalar { get; } = new(new FloatScalarHolder());

    /// <summary>Gets doubles such as durations in seconds.</summary>
    public static Table<double> DoubleScalar { get; } = new(new DoubleScalarHolder());

    /// <summary>Gets the words of a line, as <c>utt2spk</c> and <c>spk2utt</c> have them.</summary>
    public static Table<string[]> TokenVector { get; } = new(new TokenVectorHolder());

    /// <summary>Gets Sphinx's feature files of 13 values a frame.</summary>
    public static Table<FloatMatrix> Sphinx { get; } = new(new SphinxHolder());

    /// <summary>Gets HTK's feature files, written with a frame shift of 10 ms and the user's own kind.</summary>
    public static Table<FloatMatrix> Htk { get; } = HtkWith(new HtkHeader(100_000, HtkHeader.User));

    /// <summary>HTK's feature files, written with a header.</summary>
    /// <param name="header">The header of every file.</param>
    public static Table<FloatMatrix> HtkWith(HtkHeader header) => new(new HtkHolder(header));

    /// <summary>Float matrices that are written in one of Kaldi's compressed forms, with loss.</summary>
    /// <param name="method">The form; null does not compress.</param>
    public static Table<FloatMatrix> CompressedMatrix(CompressionMethod? method) =>
        method is null ? Matrix : new(new MatrixHolder(method));
}
