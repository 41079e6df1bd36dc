using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools;

/// <summary>A program of Kaldi's, with Kaldi's own command line.</summary>
public interface IKaldiTool
{
    /// <summary>Gets the program's name.</summary>
    string Name { get; }

    /// <summary>Gets what it does, in one line.</summary>
    string Summary { get; }

    /// <summary>Runs it; errors of the user's are told on <paramref name="errors"/>, not thrown.</summary>
    /// <param name="arguments">The command line without the program's name.</param>
    /// <param name="errors">Receives log lines, warnings and errors.</param>
    /// <param name="io">What extended file names may reach, and what <c>-</c> reads and writes.</param>
    /// <returns>Kaldi's exit status: 0 when something succeeded, 1 when nothing did or the call was wrong, 255 on
    /// an error.</returns>
    int Run(IReadOnlyList<string> arguments, TextWriter errors, KaldiIoOptions io);
}
