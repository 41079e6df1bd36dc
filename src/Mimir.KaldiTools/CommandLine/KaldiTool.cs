using System.Text;
using Mimir.Base;
using Mimir.Base.Options;
using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.CommandLine;

/// <summary>A program of Kaldi's, with Kaldi's own command line: options, help, arguments, exit status.</summary>
public abstract class KaldiTool
{
    private const int Failed = 255;

    // As a shell reports a program that the signal SIGPIPE ended, which is how Kaldi's end; and the error behind it.
    private const int PipeClosed = 128 + 13;
    private const int BrokenPipe = 32;

    private readonly int _least;
    private readonly int _most;
    private readonly string _arguments;

    private protected KaldiTool(string name, string summary, string arguments)
    {
        Name = name;
        Summary = summary;
        _arguments = arguments;
        var words = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _least = words.Count(word => word[0] is '<' or '(');
        _most = words.Contains("...") ? int.MaxValue : words.Length;
    }

    /// <summary>Gets the program's name.</summary>
    public string Name { get; }

    /// <summary>Gets a description in one line.</summary>
    public string Summary { get; }

    /// <summary>Gets the name of the program in its log lines.</summary>
    private protected virtual string LogName => Name;

    /// <summary>Runs the program; an error of the user's is logged, not thrown.</summary>
    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="errors">Receives log lines, warnings and errors.</param>
    /// <param name="io">The permissions of extended file names, and the streams behind <c>-</c>.</param>
    /// <returns>Kaldi's exit status: 0 when something succeeded, 1 when nothing did or the call was wrong, 255 on an error of
    /// the user's.</returns>
    public int Run(IReadOnlyList<string> arguments, TextWriter errors, KaldiIoOptions io)
    {
        var log = new KaldiLog(LogName, errors, ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected);
        try
        {
            return Run(arguments, errors, log, io with { Warn = io.Warn ?? log.Warning });
        }
        catch (IOException failure) when (failure.HResult == BrokenPipe)
        {
            // The reader has enough: feat-to-dim ends after the first matrix.
            return PipeClosed;
        }
        catch (Exception failure) when (failure is InputException or IOException or UnauthorizedAccessException)
        {
            log.Error(UserError.Describe(failure) ?? failure.Message);
            return Failed;
        }
    }

    /// <summary>Opens the standard output for text.</summary>
    /// <param name="io">The stream behind <c>-</c>.</param>
    /// <returns>A writer that flushes when it is disposed and leaves the stream open.</returns>
    private protected static TextWriter OpenPrinted(KaldiIoOptions io) => new StreamWriter(
        KaldiOutput.OpenStandardOutput(io), new UTF8Encoding(false), 1 << 12, leaveOpen: true)
    {
        NewLine = "\n",
    };

    private protected abstract int Run(IReadOnlyList<string> arguments, TextWriter errors, KaldiLog log, KaldiIoOptions io);

    /// <summary>Reads the options and checks the number of arguments.</summary>
    /// <returns>The arguments; null where only help is printed, with the exit status.</returns>
    private protected (IReadOnlyList<string>? Arguments, int Status) Parse(
        KaldiOptionParser parser, IReadOnlyList<string> arguments, TextWriter errors, KaldiLog log)
    {
        var positional = parser.Parse(arguments);
        if (parser.HelpRequested || positional.Count < _least || positional.Count > _most)
        {
            errors.Write(parser.Help());
            return (null, parser.HelpRequested ? 0 : 1);
        }

        log.Verbose = parser.Standard.Verbose;
        if (parser.Standard.PrintArgs)
            errors.WriteLine($"{Name} {string.Join(' ', arguments)}");

        return (positional, 0);
    }

    private protected string Usage() => $"{Summary}\nUsage: {Name} [options] {_arguments}\n";
}

/// <summary>A program whose options are the properties of a record.</summary>
/// <typeparam name="TOptions">The record: <see cref="OptionAttribute"/> names an option, the initial value is its default, the XML
/// summary its help.</typeparam>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
/// <param name="arguments">The arguments with spaces between them: <c>&lt;x&gt;</c> is required, <c>[&lt;x&gt;]</c> optional,
/// <c>...</c> stands for any number more.</param>
internal abstract class KaldiTool<TOptions>(string name, string summary, string arguments) : KaldiTool(name, summary, arguments)
    where TOptions : class, new()
{
    /// <summary>Does the work.</summary>
    /// <param name="options">The options of this run.</param>
    /// <param name="arguments">As many arguments as the usage says.</param>
    /// <param name="log">Receives results and warnings.</param>
    /// <param name="io">The permissions of extended file names, and the streams behind <c>-</c>.</param>
    /// <returns>True when something succeeded.</returns>
    protected abstract bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io);

    private protected sealed override int Run(IReadOnlyList<string> arguments, TextWriter errors, KaldiLog log, KaldiIoOptions io)
    {
        var options = new TOptions();
        var parser = new KaldiOptionParser(Usage(), options);
        var (positional, status) = Parse(parser, arguments, errors, log);
        return positional is null ? status : Execute(options, positional, log, io) ? 0 : 1;
    }
}

/// <summary>No options but the standard ones.</summary>
internal sealed record NoOptions;

/// <summary>The option of programs that write a file.</summary>
internal record BinaryOptions
{
    /// <summary>Write a file in binary; tables follow their wspecifier.</summary>
    [Option("binary")]
    public bool Binary { get; init; } = true;
}
