using System.Globalization;
using Mimir.Kaldi.Tables;
using Mimir.KaldiTools;

namespace Mimir.Tests.Support;

/// <summary>Runs one of Kaldi's programs and keeps what it said.</summary>
internal sealed record ToolRun(int Status, string Errors, byte[] Output)
{
    public static ToolRun Of(string tool, params string[] arguments) => Of(tool, Stream.Null, arguments);

    public static ToolRun Of(string tool, Stream input, params string[] arguments)
    {
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        using var output = new MemoryStream();
        var io = new KaldiIoOptions { StandardInput = input, StandardOutput = output };
        var status = KaldiToolbox.Find(tool).Run(arguments, errors, io);
        return new ToolRun(status, errors.ToString(), output.ToArray());
    }
}
