using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mimir.Base;
using Mimir.Base.Text;

namespace Mimir.Config;

/// <summary>The record of a file with the origins of its values and the problems that were found.</summary>
/// <typeparam name="T">The record.</typeparam>
/// <param name="Value">The record; where there are problems, values that could not be read keep their defaults.</param>
/// <param name="Origins">The origins by path (<c>train.batch.frames</c>); a path that is not there has its default.</param>
/// <param name="Problems">Every problem.</param>
public sealed record Bound<T>(T Value, IReadOnlyDictionary<string, ValueOrigin> Origins, IReadOnlyList<Finding> Problems)
{
    /// <summary>The record, when there is no problem.</summary>
    /// <exception cref="InputException">There is one; the message has a line for each.</exception>
    public T Demand() => Problems.Count == 0 ? Value : throw new InputException(string.Join('\n', Problems));
}

/// <summary>A form of YAML file whose keys are the options of a record: reading, writing, schema and reference.</summary>
/// <remarks>
/// Keys, ranges, defaults and descriptions come from the record's <see cref="Base.Options.OptionAttribute"/>s, initial values and
/// XML summaries. A key that is unknown, or a value that is out of range, is a problem with file, line and remedy.
/// </remarks>
/// <typeparam name="T">The record.</typeparam>
/// <param name="name">The word for such a file: <c>recipe</c>.</param>
/// <param name="examples">Some of its keys, for the message to who gives no map.</param>
public sealed class ConfigFormat<T>(string name, string examples)
    where T : class
{
    private const string Extends = "extends";
    private const int MaxExtends = 8;

    private readonly RecordKind _root = RecordKind.Top(typeof(T), $"the {name}");

    /// <summary>Gets the record that a file's values are laid over; null for the record's own defaults.</summary>
    public T? Start { get; init; }

    /// <summary>
    /// True when a file may name another one, relative to itself, with <c>extends: other.yaml</c>. That is read first; maps are
    /// laid over each other key by key, lists and values replace each other.
    /// </summary>
    public bool AllowsExtends { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="options">Changes and variables.</param>
    /// <exception cref="FileNotFoundException">The file, or one that it extends, does not exist.</exception>
    /// <exception cref="InputException">The file is not YAML at all.</exception>
    public Bound<T> Read(string file, ReadOptions options) => Parse(Load(file), file, options);

    /// <summary>Reads a text.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="file">The name for messages; <c>extends</c> is relative to its folder.</param>
    /// <param name="options">Changes and variables.</param>
    /// <exception cref="FileNotFoundException">A file that it extends does not exist.</exception>
    /// <exception cref="InputException">The text is not YAML at all.</exception>
    public Bound<T> Parse(string text, string file, ReadOptions options)
    {
        var variables = new Variables(options.Environment);
        foreach (var change in options.Overrides.Where(ReadOptions.SetsVariable))
        {
            var (variable, value) = ReadOptions.Split(change);
            variables.Give(variable, value);
        }

        var tree = Tree(text, file, variables, 0);
        foreach (var change in options.Overrides)
        {
            if (!variables.IsUsed(ReadOptions.Split(change).Key))
                tree = _root.Merge(tree, ReadOptions.Tree(change, variables));
        }

        var context = new BindContext(variables);
        var record = (T)(_root.Read(tree, "", Start, context) ?? throw new InvalidOperationException("a map gives a record"));
        return new(record, context.Origins, context.Problems);
    }

    /// <summary>The record as YAML, one value a line with its origin behind it; it reads back as the same record.</summary>
    /// <param name="value">The record.</param>
    /// <param name="origins">The origins by path.</param>
    public string ToYaml(T value, IReadOnlyDictionary<string, ValueOrigin> origins) => YamlText.Block(_root.Write(value, "", origins));

    /// <summary>The record as YAML on one line.</summary>
    /// <param name="value">The record.</param>
    public string ToLine(T value) => YamlText.Flow(Write(value));

    /// <summary>The text of a single value of a record; null where there is none.</summary>
    /// <param name="value">The record.</param>
    /// <param name="path">The key, with dots.</param>
    public string? ValueOf(T value, string path)
    {
        YamlNode? node = Write(value);
        foreach (var part in path.Split('.'))
            node = (node as MapNode)?.Find(part);

        return node is ScalarNode { IsNull: false } scalar ? scalar.Text : null;
    }

    /// <summary>All values of a record as text, by key; a list without maps is one value.</summary>
    /// <param name="value">The record.</param>
    public IReadOnlyDictionary<string, string> ValuesOf(T value)
    {
        var values = new OrderedDictionary<string, string>();
        Add("", Write(value));
        return values;

        void Add(string path, YamlNode node)
        {
            if (node is MapNode map && (map.Entries.Count > 0 || path.Length == 0))
                map.Entries.ToList().ForEach(entry => Add(BindContext.Join(path, entry.Key), entry.Value));
            else if (node is ListNode list && list.Items.Any(item => item is MapNode))
                list.Items.Index().ToList().ForEach(item => Add(BindContext.Join(path, $"{item.Index}"), item.Item));
            else
                values[path] = YamlText.Flow(node);
        }
    }

    /// <summary>The JSON schema (draft 7) of such files, which editors use to complete and check them.</summary>
    public string Schema()
    {
        var root = _root.Schema();
        root.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        root.Insert(1, "title", $"Mimir {name}");
        if (AllowsExtends)
            AddExtends(root);

        using var stream = new MemoryStream();
        var form = new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using (var writer = new Utf8JsonWriter(stream, form))
            root.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>The reference of all keys in Markdown, a table a section.</summary>
    public string Reference()
    {
        var text = new StringBuilder();
        var first = new Dictionary<string, string>();
        foreach (var page in _root.Pages("", $"The top of a {name}."))
        {
            // Sections of one record have the same keys; one table serves them.
            var rows = string.Concat(
                page.Rows.Select(row => $"| {row.Key} | {row.Value} | {Code(row.Default)} | {row.Summary} |\n"));
            text.Append('\n').Append("## ").Append(page.Path.Length == 0 ? "The top" : $"`{page.Path}`").Append("\n\n");
            text.Append(page.Summary).Append('\n');
            if (page.Rows.Count == 0)
                text.Append("\nIt has no keys.\n");
            else if (first.TryAdd(rows, page.Path))
                text.Append("\n| key | value | default | meaning |\n|---|---|---|---|\n").Append(rows);
            else
                text.Append($"\nThe keys are those of `{first[rows]}`.\n");
        }

        return text.ToString();
    }

    private static string Code(string value) => value is "" or "required" ? value : $"`{value}`";

    private string Load(string file) => File.Exists(file) || FileKinds.Of(file) == FileKind.Folder
        ? TextLineReader.ReadAll(file)
        : throw new FileNotFoundException($"there is no {name} '{file}'", file);

    private MapNode Write(T value) => _root.Write(value, "", new Dictionary<string, ValueOrigin>());

    private YamlNode Tree(string text, string file, Variables variables, int depth)
    {
        var tree = YamlTree.Parse(text, line => new ValueOrigin(OriginKind.File, $"{file}:{line}"), variables);
        if (tree is not MapNode map)
        {
            var got = variables.Unprotect(tree.Describe());
            throw new InputException($"{tree.Origin.Place}: expected a {name} (keys such as {examples}), got {got}");
        }

        if (!AllowsExtends || map.Entries.FirstOrDefault(entry => entry.Key == Extends) is not { } extends)
            return tree;

        var context = new BindContext(variables);
        var other = new PathKind().Read(extends.Value, Extends, "", context) as string ?? "";
        if (context.Problems is [var problem, ..])
            throw new InputException(problem.ToString());
        if (depth == MaxExtends)
            throw new InputException($"{extends.Origin.Place}: more than {MaxExtends} {name}s extend each other, perhaps in a circle");

        var path = Path.Combine(Path.GetDirectoryName(file) ?? "", other);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{extends.Origin.Place}: there is no {name} '{path}' to extend", path);

        var own = map with { Entries = [.. map.Entries.Where(entry => entry.Key != Extends)] };
        return _root.Merge(Tree(Load(path), path, variables, depth + 1), own);
    }

    private void AddExtends(JsonObject root)
    {
        root["properties"]!.AsObject().Insert(0, Extends, new JsonObject
        {
            ["type"] = "string",
            ["description"] = $"Another {name}, relative to this one, that is read first; this one is laid over it.",
        });

        // A file that extends another may leave everything to it.
        var required = root["required"]!.DeepClone();
        root.Remove("required");
        root["anyOf"] = new JsonArray(
            new JsonObject { ["required"] = new JsonArray(Extends) },
            new JsonObject { ["required"] = required });
    }
}
