namespace Mimir.Kaldi.Nnet1;

/// <summary>How files hold a component that is carried, not computed.</summary>
/// <param name="Name">Its marker without angle brackets.</param>
/// <param name="Check">Says what is wrong with a component's sizes, or null.</param>
/// <param name="Fields">Its data in the order of Kaldi's files.</param>
internal sealed record ComponentLayout(string Name, Func<CarriedComponent, string?> Check, params IReadOnlyList<FieldLayout> Fields)
{
    /// <summary>Makes a component whose sizes fit together.</summary>
    /// <param name="inputs">The size of its input.</param>
    /// <param name="outputs">The size of its output.</param>
    /// <param name="fields">A value for each field, in order.</param>
    /// <exception cref="ArgumentException">The sizes contradict each other.</exception>
    public CarriedComponent Create(int inputs, int outputs, params IReadOnlyList<NnetField> fields)
    {
        var component = new CarriedComponent(Name, inputs, outputs, fields);
        return Check(component) is { } problem ? throw new ArgumentException($"{Name}: {problem}") : component;
    }

    /// <summary>The place of a field by its token, with angle brackets in any case, or -1.</summary>
    public int IndexOf(string token)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Marked && string.Equals(token, $"<{Fields[i].Name}>", StringComparison.OrdinalIgnoreCase))
                return i;
        }

        return -1;
    }
}
