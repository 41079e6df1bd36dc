using System.Text;
using Mimir.Features.Tables;

namespace Mimir.Features.Nnet1;

/// <summary>Carries components that Kaldi has and this library gives no type, as the bytes up to their end mark.</summary>
internal static class OpaqueFormat
{
    private const string EndMark = "<!EndOfComponent>";

    private static readonly string[] Plain =
    [
        "ConvolutionalComponent", "RecurrentComponent", "HiddenSoftmax", "BlockSoftmax", "LengthNormComponent", "Rbm", "KlHmm",
        "AveragePoolingComponent", "MaxPoolingComponent", "SentenceAveragingComponent", "SimpleSentenceAveragingComponent",
        "FramePoolingComponent",
    ];

    // These hold whole networks, whose components have end marks of their own.
    private static readonly string[] Nested = ["ParallelComponent", "MultiBasisComponent"];

    public static OpaqueComponent Read(KaldiReader reader, bool binary, string name, int inputs, int outputs)
    {
        var nested = Nested.Contains(name, StringComparer.OrdinalIgnoreCase);
        if (!nested && !Plain.Contains(name, StringComparer.OrdinalIgnoreCase))
            throw reader.Error($"<{KaldiReader.Shown(name)}> is no component of nnet1 that is known here.");

        // In text a space ends the sizes; the writer puts it back.
        if (!binary && KaldiReader.IsWhite(reader.Peek()))
            reader.ReadByte();

        var data = new List<byte>();
        if (nested)
            ReadThrough(reader, $"</{name}>", name, data);

        ReadThrough(reader, EndMark, name, data);
        data.RemoveRange(data.Count - EndMark.Length, EndMark.Length);
        if (KaldiReader.IsWhite(reader.Peek()))
            reader.ReadByte();

        return new OpaqueComponent(name, inputs, outputs, [.. data], binary);
    }

    private static void ReadThrough(KaldiReader reader, string mark, string name, List<byte> data)
    {
        var bytes = Encoding.ASCII.GetBytes(mark);
        for (var matched = 0; matched < bytes.Length;)
        {
            var next = reader.ReadByte();
            if (next < 0)
                throw reader.Error($"{name}: expected {mark}, the file ends here.");

            data.Add((byte)next);

            // The mark's first byte occurs nowhere else in it, so a failed match can only begin anew.
            matched = next == bytes[matched] ? matched + 1 : next == bytes[0] ? 1 : 0;
        }
    }
}
