namespace Mimir.Config;

/// <summary>What binding finds out on its way: every problem, and the origin of every value.</summary>
internal sealed class BindContext(Variables variables)
{
    /// <summary>Gets the problems so far.</summary>
    public List<RecipeFinding> Problems { get; } = [];

    /// <summary>Gets the origin of each value that somebody gave, by its path.</summary>
    public Dictionary<string, ValueOrigin> Origins { get; } = [];

    /// <summary>Records a problem; binding goes on, so that one reading finds them all.</summary>
    public void Fail(ValueOrigin origin, string path, string message) =>
        Problems.Add(new RecipeFinding(path, origin, message));

    /// <summary>Records where a value comes from.</summary>
    public void Note(string path, ValueOrigin origin) => Origins[path] = origin;

    /// <summary>The text of a value with its variables filled in; notes the origin under its path.</summary>
    public string Expand(ScalarNode node, string path)
    {
        var origin = node.Origin;
        var text = variables.Expand(node.Text, ref origin, name => Fail(
            node.Origin,
            path,
            $"the variable {name} is not set ('{path}' needs it): run with {name}=<value> in the environment, "
            + $"or with --set {name}=<value>"));
        Note(path, origin);
        return text;
    }

    /// <summary>The text of a node as its file has it, for messages.</summary>
    public string Describe(RecipeNode node) => variables.Unprotect(node.Describe());

    /// <summary>The path of a key below another path.</summary>
    public static string Join(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}
