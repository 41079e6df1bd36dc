using Mimir.Kaldi.Tables;

namespace Mimir.KaldiTools.Featbin;

/// <summary>feat-to-len: the number of frames of each utterance, or of all together.</summary>
internal sealed class FeatToLenTool : KaldiTool
{
    /// <summary>Creates the program.</summary>
    public FeatToLenTool()
        : base(
            "feat-to-len",
            "Write the length in frames of each utterance; with one argument, print the total number of frames.",
            "<in-rspecifier> [<out-wspecifier>]")
    {
    }

    protected override void AddOptions(KaldiOptionParser parser)
    {
    }

    protected override bool Execute(IReadOnlyList<string> arguments, KaldiLog log, KaldiIoOptions io)
    {
        var input = KaldiTables.Matrix.Read(arguments[0], io);
        if (arguments.Count == 1)
        {
            var total = input.Sum(entry => (long)entry.Value.Rows);
            using var printed = OpenPrinted(io);
            printed.WriteLine(total);
            return true;
        }

        using var output = KaldiTables.IntScalar.Create(arguments[1], io);
        output.Fill(() =>
        {
            foreach (var (key, features) in input)
                output.Write(key, features.Rows);
        });
        return true;
    }
}
