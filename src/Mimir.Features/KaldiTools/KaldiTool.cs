using Mimir.Features.Tables;

namespace Mimir.Features.KaldiTools;

/// <summary>What every program has in common: options, help, the number of arguments, exit status.</summary>
/// <remarks>
/// The values of options are fields, so an instance serves one run; <see cref="KaldiToolbox"/> makes them.
/// </remarks>
public abstract class KaldiTool : IKaldiTool
{
    private const int Failed = 255;

    private readonly int _argumentCount;
    private readonly string _arguments;

    private protected KaldiTool(string name, string summary, string arguments)
    {
        Name = name;
        Summary = summary;
        _arguments = arguments;
        _argumentCount = arguments.Split(' ').Length;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Summary { get; }

    /// <inheritdoc/>
    public int Run(IReadOnlyList<string> arguments, TextWriter errors, KaldiIoOptions io)
    {
        var log = new KaldiLog(Name, errors);
        try
        {
            var parser = new KaldiOptionParser($"{Summary}\nUsage: {Name} [options] {_arguments}\n");
            AddOptions(parser);
            var positional = parser.Parse(arguments);
            if (parser.HelpWanted || positional.Count != _argumentCount)
            {
                errors.Write(parser.Help());
                return parser.HelpWanted ? 0 : 1;
            }

            if (parser.PrintArgs)
                errors.WriteLine($"{Name} {string.Join(' ', arguments)}");

            return Execute(positional, log, io) ? 0 : 1;
        }
        catch (Exception failure)
            when (failure is FormatException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            log.Error(failure.Message);
            return Failed;
        }
    }

    /// <summary>Adds the program's options to those that all have.</summary>
    private protected abstract void AddOptions(KaldiOptionParser parser);

    /// <summary>Does the work.</summary>
    /// <returns>Whether anything succeeded.</returns>
    private protected abstract bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io);
}
