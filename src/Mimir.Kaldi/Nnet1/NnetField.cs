using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Nnet1;

/// <summary>One value among the data of a component that is carried, not computed.</summary>
/// <param name="Name">What files call it, without angle brackets; a name of this library where files have none.</param>
public abstract record NnetField(string Name);

/// <summary>A whole number.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Value">The number.</param>
public sealed record IntField(string Name, int Value) : NnetField(Name);

/// <summary>A number.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Value">The number.</param>
public sealed record FloatField(string Name, float Value) : NnetField(Name);

/// <summary>A truth value.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Value">The value.</param>
public sealed record BoolField(string Name, bool Value) : NnetField(Name);

/// <summary>One of a few words.</summary>
/// <param name="Name">What this library calls it.</param>
/// <param name="Value">The word.</param>
public sealed record WordField(string Name, string Value) : NnetField(Name);

/// <summary>Whole numbers.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Values">The numbers.</param>
public sealed record IntVectorField(string Name, int[] Values) : NnetField(Name);

/// <summary>A vector.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Values">Its elements.</param>
public sealed record VectorField(string Name, float[] Values) : NnetField(Name);

/// <summary>Vectors of different lengths, as many as the integers before them.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Vectors">The vectors.</param>
public sealed record VectorsField(string Name, IReadOnlyList<float[]> Vectors) : NnetField(Name);

/// <summary>A matrix.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Value">The matrix.</param>
public sealed record MatrixField(string Name, FloatMatrix Value) : NnetField(Name);

/// <summary>A matrix of double precision.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Value">The matrix.</param>
public sealed record DoubleMatrixField(string Name, double[,] Value) : NnetField(Name);

/// <summary>A network within the component.</summary>
/// <param name="Name">What files call it.</param>
/// <param name="Value">The network, of at least one component.</param>
public sealed record NetworkField(string Name, Nnet1File Value) : NnetField(Name);

/// <summary>Networks within the component.</summary>
/// <param name="Name">What files call their number.</param>
/// <param name="Networks">The networks, each of at least one component.</param>
public sealed record NetworksField(string Name, IReadOnlyList<Nnet1File> Networks) : NnetField(Name);
