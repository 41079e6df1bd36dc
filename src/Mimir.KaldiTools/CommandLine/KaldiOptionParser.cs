using System.Globalization;
using System.Text;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.CommandLine;

/// <summary>The options that every program of Kaldi's has.</summary>
public sealed record StandardOptions
{
    /// <summary>File of options; the command line overrides them. May be repeated.</summary>
    [Option("config")]
    public string Config { get; init; } = "";

    /// <summary>Print this help.</summary>
    [Option("help")]
    public bool Help { get; init; }

    /// <summary>Print the command line to the standard error.</summary>
    [Option("print-args")]
    public bool PrintArgs { get; init; } = true;

    /// <summary>Level of logging; higher logs more.</summary>
    [Option("verbose")]
    public int Verbose { get; init; }
}

/// <summary>
/// Reads a command line by the rules of Kaldi's tools: options come first, as <c>--name=value</c> (or <c>--name</c> for a truth
/// value); case and underscores in names do not matter; <c>--config=FILE</c> gives options that the command line overrides.
/// </summary>
public sealed class KaldiOptionParser
{
    private readonly OrderedDictionary<string, (Option Option, object Record, string Default)> _options = [];
    private readonly HashSet<string> _given = [];
    private readonly string _usage;

    /// <summary>Creates a parser.</summary>
    /// <param name="usage">The summary and usage line of the program; the help begins with it.</param>
    /// <param name="options">A fresh record whose properties with <see cref="OptionAttribute"/> are the options;
    /// <see cref="Parse"/> sets them.</param>
    public KaldiOptionParser(string usage, object options)
    {
        _usage = usage;
        AddAll(Standard);
        AddAll(options);
    }

    /// <summary>Gets the options that every program has.</summary>
    public StandardOptions Standard { get; } = new();

    /// <summary>True when <c>--help</c> was given; the other options were not read then.</summary>
    public bool HelpRequested { get; private set; }

    /// <summary>Reads the arguments and sets the options.</summary>
    /// <param name="arguments">The command line without the tool's name.</param>
    /// <returns>The arguments that are no options, in their order.</returns>
    /// <exception cref="InputException">An option is unknown (the message names the nearest), its value is malformed or out of
    /// range, or a configuration file is malformed.</exception>
    /// <exception cref="FileNotFoundException">A configuration file is missing.</exception>
    public IReadOnlyList<string> Parse(IReadOnlyList<string> arguments)
    {
        var options = arguments.TakeWhile(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument != "--").ToList();
        foreach (var argument in options)
        {
            var (name, value) = Split(argument);
            if (name == "help")
            {
                HelpRequested = true;
                return [];
            }

            if (name == "config")
                ReadConfig(value ?? "");
        }

        foreach (var argument in options)
            Assign(argument, place: "");

        CheckEffects();
        var positional = arguments.Skip(options.Count).ToList();
        positional.Remove("--");
        return positional;
    }

    /// <summary>Formats the help: the usage and every option with its type and default.</summary>
    public string Help()
    {
        var text = new StringBuilder().Append(_usage.TrimEnd()).Append("\n\nOptions:\n");
        foreach (var (name, (option, _, value)) in _options)
        {
            var quote = option.TypeName == "string" ? "\"" : "";
            text.Append(
                CultureInfo.InvariantCulture,
                $"  --{name,-28}: {option.Description} ({option.TypeName}, default = {quote}{value}{quote})\n");
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

    private void AddAll(object record)
    {
        foreach (var option in Option.Of(record.GetType()))
            _options[option.Name] = (option, record, option.Format(record));
    }

    private void ReadConfig(string path)
    {
        using var text = KaldiInput.OpenText(path);
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            var place = $"{path}:{number}: ";
            var option = line.Split('#', 2)[0].Trim();
            if (option.Length == 0)
                continue;
            if (!option.StartsWith("--", StringComparison.Ordinal) || option == "--")
                throw new InputException($"{place}expected --name=value, got '{option}'.");

            Assign(option, place);
        }
    }

    private void Assign(string argument, string place)
    {
        var (name, value) = Split(argument);
        if (!_options.TryGetValue(name, out var known))
            throw new InputException($"{place}unknown option --{name}; the nearest is --{Nearest(name)}.");
        if (value is null && known.Option.Type != typeof(bool))
            throw new InputException($"{place}option --{name} needs a value: --{name}=VALUE.");

        if (place.Length == 0)
            _given.Add(name);

        try
        {
            known.Option.Set(known.Record, OptionText.Parse(known.Option, value ?? ""));
        }
        catch (InputException e)
        {
            throw new InputException($"{place}option --{e.Message.TrimEnd('.')}.", e);
        }
    }

    // Files of options serve several programs; the command line is meant.
    private void CheckEffects()
    {
        foreach (var name in _given)
        {
            if (_options[name].Option.Attribute.Needs is not { } needed)
                continue;

            var (option, record, unset) = _options[needed];
            if (option.Format(record) == unset)
                throw new InputException($"option --{name} has no effect without --{needed}; leave it out, or give --{needed}.");
        }
    }

    private string Nearest(string name) => _options.Keys.MinBy(known => Spelling.Distance(name, known)) ?? "help";
}
