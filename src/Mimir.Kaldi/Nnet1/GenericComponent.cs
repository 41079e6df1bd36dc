using Mimir.Kaldi.Matrices;

namespace Mimir.Kaldi.Nnet1;

/// <summary>
/// A component without a record of its own: named fields, which are read, changed and written in Kaldi's
/// order. Convolution, pooling, RBMs and components with nested networks are of this kind.
/// </summary>
/// <param name="Kind">Its name in files, without angle brackets.</param>
/// <param name="InputDim">The size of its input.</param>
/// <param name="OutputDim">The size of its output.</param>
/// <param name="Fields">Its data, in the order of files.</param>
public sealed record GenericComponent(string Kind, int InputDim, int OutputDim, IReadOnlyList<NnetField> Fields)
    : NnetComponent(InputDim, OutputDim)
{
    /// <inheritdoc/>
    public override string Name => Kind;

    /// <summary>Returns a field by its name.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="ArgumentException">There is no field of that name and type.</exception>
    public T Field<T>(string name)
        where T : NnetField => Fields.OfType<T>().FirstOrDefault(field => field.Name == name)
            ?? throw new ArgumentException($"{Kind} has no {typeof(T).Name} '{name}'.");

    /// <summary>Copies the component with one field replaced.</summary>
    /// <param name="value">The field; it replaces the one of its name.</param>
    public GenericComponent With(NnetField value) =>
        this with { Fields = [.. Fields.Select(field => field.Name == value.Name ? value : field)] };

    internal int Int(string name) => Field<IntField>(name).Value;

    internal float Float(string name) => Field<FloatField>(name).Value;
}

/// <summary>A field of a <see cref="GenericComponent"/>.</summary>
/// <param name="Name">Its token without angle brackets; a name of this library where files have none.</param>
public abstract record NnetField(string Name);

/// <summary>An integer.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Value">The number.</param>
public sealed record IntField(string Name, int Value) : NnetField(Name);

/// <summary>A float.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Value">The number.</param>
public sealed record FloatField(string Name, float Value) : NnetField(Name);

/// <summary>A boolean.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Value">The value.</param>
public sealed record BoolField(string Name, bool Value) : NnetField(Name);

/// <summary>A word, such as the type of a unit.</summary>
/// <param name="Name">Its name in this library.</param>
/// <param name="Value">The word.</param>
public sealed record WordField(string Name, string Value) : NnetField(Name);

/// <summary>A vector of integers.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Values">The numbers.</param>
public sealed record IntVectorField(string Name, int[] Values) : NnetField(Name);

/// <summary>A vector of floats.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Values">Its elements.</param>
public sealed record VectorField(string Name, float[] Values) : NnetField(Name);

/// <summary>Vectors of different lengths, as many as the integers before them.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Vectors">The vectors.</param>
public sealed record VectorsField(string Name, IReadOnlyList<float[]> Vectors) : NnetField(Name);

/// <summary>A matrix of floats.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Value">The matrix.</param>
public sealed record MatrixField(string Name, FloatMatrix Value) : NnetField(Name);

/// <summary>A matrix of doubles.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Value">The matrix.</param>
public sealed record DoubleMatrixField(string Name, double[,] Value) : NnetField(Name);

/// <summary>A nested network.</summary>
/// <param name="Name">Its token.</param>
/// <param name="Value">The network, of at least one component.</param>
public sealed record NetworkField(string Name, Nnet1File Value) : NnetField(Name);

/// <summary>Nested networks.</summary>
/// <param name="Name">The token of their number.</param>
/// <param name="Networks">The networks, each of at least one component.</param>
public sealed record NetworksField(string Name, IReadOnlyList<Nnet1File> Networks) : NnetField(Name);
