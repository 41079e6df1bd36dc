namespace Mimir.Decode.Tests.Support;

/// <summary>The two maps over transition-ids that decoding needs, from a binary final.mdl.</summary>
internal sealed class TransitionFile
{
    private TransitionFile(int[] pdfs, int[] phoneBegins) => (Pdfs, PhoneBegins) = (pdfs, phoneBegins);

    public int[] Pdfs { get; }

    public int[] PhoneBegins { get; }

    public static TransitionFile Read(string path)
    {
        using var reader = new BinaryReader(File.OpenRead(path));
        reader.ReadBytes(2);
        Token(reader, "<TransitionModel>");
        Token(reader, "<Topology>");
        _ = Vector(reader);
        var entryOf = Vector(reader);
        var entries = new int[Int(reader)][][];
        for (var e = 0; e < entries.Length; e++)
        {
            entries[e] = new int[Int(reader)][];
            for (var s = 0; s < entries[e].Length; s++)
            {
                _ = Int(reader);
                entries[e][s] = new int[Int(reader)];
                for (var t = 0; t < entries[e][s].Length; t++)
                {
                    entries[e][s][t] = Int(reader);
                    reader.ReadBytes(5);
                }
            }
        }

        Token(reader, "</Topology>");
        Token(reader, "<Triples>");
        List<int> pdfs = [0], begins = [0];
        var count = Int(reader);
        for (var i = 0; i < count; i++)
        {
            var (phone, state, pdf) = (Int(reader), Int(reader), Int(reader));
            foreach (var target in entries[entryOf[phone]][state])
            {
                pdfs.Add(pdf);
                begins.Add(state == 0 && target != state ? phone : 0);
            }
        }

        return new TransitionFile([.. pdfs], [.. begins]);
    }

    private static int Int(BinaryReader reader)
    {
        Assert.Equal(4, reader.ReadByte());
        return reader.ReadInt32();
    }

    private static int[] Vector(BinaryReader reader)
    {
        Assert.Equal(4, reader.ReadByte());
        return [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32()).ToArray()];
    }

    private static void Token(BinaryReader reader, string expected) =>
        Assert.Equal(expected + " ", new string(reader.ReadChars(expected.Length + 1)));
}
