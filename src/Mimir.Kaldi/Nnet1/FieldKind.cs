namespace Mimir.Kaldi.Nnet1;

/// <summary>The types of <see cref="NnetField"/>.</summary>
internal enum FieldKind
{
    Int,
    Float,
    Bool,
    Word,
    IntVector,
    Vector,
    Vectors,
    Matrix,
    DoubleMatrix,
    Network,
    Networks,
}
