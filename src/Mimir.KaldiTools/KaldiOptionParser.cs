using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools;

/// <summary>
/// Reads a command line by the rules of Kaldi's tools: options come first, as <c>--name=value</c> (or <c>--name</c> for a truth
/// value); case and underscores in names do not matter; <c>--config=FILE</c> gives options that the command line overrides.
/// </summary>
public sealed class KaldiOptionParser
{
    private readonly Dictionary<string, Option> _options = [];
    private readonly List<string> _order = [];
    private readonly string _usage;

    /// <summary>Creates a parser with the options that every tool has.</summary>
    /// <param name="usage">What the tool does and how it is called; the help begins with it.</param>
    public KaldiOptionParser(string usage)
    {
        _usage = usage;
        AddString("config", "", "Configuration file to read (this option may be repeated)", _ => { });
        AddBool("help", false, "Print out usage message", _ => { });
        AddBool("print-args", true, "Print the command line arguments (to stderr)", value => PrintArgs = value);
        AddInt("verbose", 0, "Verbose level (higher->more logging)", value => Verbose = value);
    }

    /// <summary>Gets whether the tool should print its command line to the standard error; true by default.</summary>
    public bool PrintArgs { get; private set; } = true;

    /// <summary>Gets the level of logging; 0 by default.</summary>
    public int Verbose { get; private set; }

    /// <summary>Gets whether <c>--help</c> was given; nothing else was looked at then.</summary>
    public bool HelpWanted { get; private set; }

    /// <summary>Adds an option of any type.</summary>
    /// <param name="name">The name without dashes.</param>
    /// <param name="type">What the help calls the type: bool, int, float or string. A bool may stand without a value.</param>
    /// <param name="defaultText">The default, for the help.</param>
    /// <param name="help">What the option means.</param>
    /// <param name="assign">Takes the value; a <see cref="InputException"/> or <see cref="ArgumentException"/> becomes an error
    /// that names the option.</param>
    public void Add(string name, string type, string defaultText, string help, Action<string> assign)
    {
        var normal = Normalise(name);
        if (!_options.ContainsKey(normal))
            _order.Add(normal);

        _options[normal] = new Option(type, defaultText, help, assign);
    }

    /// <summary>Adds a truth value: <c>true</c>, <c>t</c>, <c>1</c> or nothing; <c>false</c>, <c>f</c>, <c>0</c>.</summary>
    public void AddBool(string name, bool defaultValue, string help, Action<bool> assign) =>
        Add(name, "bool", defaultValue ? "true" : "false", help, text => assign(ParseBool(text)));

    /// <summary>Adds a 32-bit integer.</summary>
    public void AddInt(string name, int defaultValue, string help, Action<int> assign) =>
        Add(name, "int", defaultValue.ToString(CultureInfo.InvariantCulture), help, text => assign(ParseInt(text)));

    /// <summary>Adds a number.</summary>
    public void AddFloat(string name, float defaultValue, string help, Action<float> assign) =>
        Add(name, "float", defaultValue.ToString(CultureInfo.InvariantCulture), help, text => assign(ParseFloat(text)));

    /// <summary>Adds a text.</summary>
    public void AddString(string name, string defaultValue, string help, Action<string> assign) =>
        Add(name, "string", $"\"{defaultValue}\"", help, assign);

    /// <summary>Reads the arguments and assigns the options.</summary>
    /// <param name="arguments">The command line without the tool's name.</param>
    /// <returns>The arguments that are no options, in their order.</returns>
    /// <exception cref="ArgumentException">An option is unknown or its value is malformed; the message names the nearest.</exception>
    /// <exception cref="InputException">A configuration file is malformed.</exception>
    /// <exception cref="FileNotFoundException">A configuration file is missing.</exception>
    public IReadOnlyList<string> Parse(IReadOnlyList<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument != "--").ToList();
        foreach (var argument in options)
        {
            var (name, value) = Split(argument);
            if (name == "help")
            {
                HelpWanted = true;
                return [];
            }

            if (name == "config")
                ReadConfig(value ?? "");
        }

        foreach (var argument in options)
            Assign(argument, message => new ArgumentException(message));

        var positional = arguments.Skip(options.Count).ToList();
        positional.Remove("--");
        return positional;
    }

    /// <summary>The help: the usage and every option with its type and default.</summary>
    public string Help()
    {
        var text = new StringBuilder().Append(_usage.TrimEnd()).Append("\n\nOptions:\n");
        foreach (var name in _order)
        {
            var option = _options[name];
            text.Append(CultureInfo.InvariantCulture, $"  --{name,-28}: {option.Help} ({option.Type}, default = {option.Default})\n");
        }

        return text.ToString();
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? (Normalise(argument[2..]), null)
            : (Normalise(argument[2..equals]), argument[(equals + 1)..].Trim());
    }

    private static string Normalise(string name) => name.Replace('_', '-').ToLowerInvariant();

    private static bool ParseBool(string text) => text.ToLowerInvariant() switch
    {
        "true" or "t" or "1" or "" => true,
        "false" or "f" or "0" => false,
        _ => throw new InputException("expected true or false"),
    };

    private static int ParseInt(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputException("expected an integer");

    private static float ParseFloat(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InputException("expected a number");

    private void ReadConfig(string path)
    {
        using var text = new StreamReader(KaldiInput.Open(path));
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var place = $"{path}:{number}: ";
            var option = line.Split('#', 2)[0].Trim();
            if (option.Length == 0)
                continue;
            if (!option.StartsWith("--", StringComparison.Ordinal) || option == "--")
                throw new InputException($"{place}expected --name=value, got '{option}'.");

            Assign(option, message => new InputException(place + message));
        }
    }

    private void Assign(string argument, Func<string, Exception> error)
    {
        var (name, value) = Split(argument);
        if (!_options.TryGetValue(name, out var option))
            throw error($"unknown option --{name}; the nearest is --{Nearest(name)}.");
        if (value is null && option.Type != "bool")
            throw error($"option --{name} needs a value: --{name}=VALUE.");

        try
        {
            option.Assign(value ?? "true");
        }
        catch (Exception e) when (e is InputException or ArgumentException)
        {
            throw error($"option --{name}={value}: {e.Message.TrimEnd('.')}.");
        }
    }

    private string Nearest(string name) => _order.MinBy(known => Spelling.Distance(name, known)) ?? "help";

    private sealed record Option(string Type, string Default, string Help, Action<string> Assign);
}
