using Mimir.Decode.Graphs;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools.CommandLine;

namespace Mimir.KaldiTools.Fstbin;

/// <summary>A program that changes one transducer: it reads the first optional argument and writes the second.</summary>
/// <typeparam name="TOptions">The options.</typeparam>
/// <param name="name">Kaldi's name of the program.</param>
/// <param name="summary">A description in one line.</param>
/// <param name="arguments">The arguments before the transducers; may be empty.</param>
internal abstract class FstTool<TOptions>(string name, string summary, string arguments = "")
    : KaldiTool<TOptions>(name, summary, $"{arguments} [<in.fst> [<out.fst>]]".TrimStart())
    where TOptions : class, new()
{
    private readonly int _before = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Changes the transducer.</summary>
    protected abstract void Change(
        VectorFst fst, TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io);

    protected override bool Execute(TOptions options, IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var fst = FstReader.ReadVector(arguments.Count > _before ? arguments[_before] : "-", io);
        Change(fst, options, arguments, log, io);
        FstWriter.Write(arguments.Count > _before + 1 ? arguments[_before + 1] : "-", fst, io);
        return true;
    }
}
