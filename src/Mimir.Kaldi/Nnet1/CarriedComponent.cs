namespace Mimir.Kaldi.Nnet1;

/// <summary>A component that is read, kept, changed and written, binary and text, and that this library does not compute.</summary>
/// <param name="Kind">What files call it, without angle brackets.</param>
/// <param name="InputDim">The size of its input.</param>
/// <param name="OutputDim">The size of its output.</param>
/// <param name="Fields">Its data, in the order of files.</param>
public sealed record CarriedComponent(string Kind, int InputDim, int OutputDim, IReadOnlyList<NnetField> Fields)
    : NnetComponent(InputDim, OutputDim)
{
    /// <inheritdoc/>
    public override string Name => Kind;

    /// <summary>A field by its name.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="ArgumentException">There is no field of that name and type.</exception>
    public T Field<T>(string name)
        where T : NnetField => Fields.OfType<T>().FirstOrDefault(field => field.Name == name)
            ?? throw new ArgumentException($"{Kind} has no {typeof(T).Name} '{name}'.");

    /// <summary>The same component with one field replaced.</summary>
    /// <param name="value">The field; the one of its name goes.</param>
    public CarriedComponent With(NnetField value) =>
        this with { Fields = [.. Fields.Select(field => field.Name == value.Name ? value : field)] };

    internal int Int(string name) => Field<IntField>(name).Value;

    internal float Float(string name) => Field<FloatField>(name).Value;
}
