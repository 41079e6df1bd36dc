using System.Globalization;
using System.Text;
using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Alignments;

/// <summary>Posteriors as Kaldi writes them: counts and pairs in binary, a line of <c>[ 1 0.5 2 0.5 ]</c> in text.</summary>
internal sealed class PosteriorHolder : Holder<Posterior>
{
    internal override string Kind => "table of posteriors";

    public override Posterior Read(KaldiReader reader, bool binary)
    {
        var builder = new PosteriorBuilder();
        if (binary)
            ReadBinary(reader, builder);
        else
            ReadLine(reader, builder);

        return builder.Build();
    }

    public override void Write(KaldiWriter writer, Posterior value)
    {
        if (!writer.Binary)
        {
            writer.WriteText(Line(value));
            return;
        }

        writer.WriteInt(value.Frames);
        for (var frame = 0; frame < value.Frames; frame++)
        {
            var indices = value.Indices(frame);
            var weights = value.Weights(frame);
            writer.WriteInt(indices.Length);
            for (var pair = 0; pair < indices.Length; pair++)
            {
                writer.WriteInt(indices[pair]);
                writer.WriteFloat(weights[pair]);
            }
        }
    }

    // Memory grows with the pairs that are there, so that a damaged count allocates nothing.
    private static void ReadBinary(KaldiReader reader, PosteriorBuilder builder)
    {
        for (var frames = Count(reader, "frames"); frames > 0; frames--)
        {
            for (var pairs = Count(reader, "pairs"); pairs > 0; pairs--)
                Add(reader, builder, reader.ReadInt(true), reader.ReadFloat(true));

            builder.EndFrame();
        }
    }

    private static void ReadLine(KaldiReader reader, PosteriorBuilder builder)
    {
        while (NextInLine(reader) is not (-1 or '\n'))
        {
            if (reader.Peek() != '[')
            {
                throw reader.Error(
                    $"expected '[', got '{KaldiReader.Printable(reader.ReadWord())}'; are these alignments and not posteriors?");
            }

            reader.ReadByte();
            while (InFrame(reader) != ']')
            {
                var index = reader.ReadNumber<int>();
                if (InFrame(reader) == ']')
                    throw reader.Error($"expected the weight of index {index}, got ']'.");

                Add(reader, builder, index, reader.ReadNumber<float>());
            }

            reader.ReadByte();
            builder.EndFrame();
        }

        reader.ReadByte();
    }

    private static void Add(KaldiReader reader, PosteriorBuilder builder, int index, float weight)
    {
        if (!float.IsFinite(weight))
            throw reader.Error($"frame {builder.Frames}: expected a finite weight of index {index}, got NaN or infinity.");

        builder.Add(index, weight);
    }

    private static int Count(KaldiReader reader, string what)
    {
        var count = reader.ReadInt(true);
        return count >= 0 ? count : throw reader.Error($"expected a number of {what}, got {count}.");
    }

    // A frame ends on its line.
    private static int InFrame(KaldiReader reader) => NextInLine(reader) is var next and not (-1 or '\n')
        ? next
        : throw reader.Error("expected ']', the line ends here.");

    private static int NextInLine(KaldiReader reader)
    {
        while (reader.Peek() is ' ' or '\t' or '\r')
            reader.ReadByte();

        return reader.Peek();
    }

    private static string Line(Posterior posterior)
    {
        var text = new StringBuilder();
        for (var frame = 0; frame < posterior.Frames; frame++)
        {
            var indices = posterior.Indices(frame);
            var weights = posterior.Weights(frame);
            text.Append("[ ");
            for (var pair = 0; pair < indices.Length; pair++)
                text.Append(CultureInfo.InvariantCulture, $"{indices[pair]} {KaldiWriter.Digits(weights[pair])} ");

            text.Append("] ");
        }

        return text.Append('\n').ToString();
    }
}
