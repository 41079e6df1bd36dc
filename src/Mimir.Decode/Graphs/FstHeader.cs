namespace Mimir.Decode.Graphs;

/// <summary>The header of OpenFst's binary files.</summary>
internal sealed record FstHeader(string Type, int Version, int Flags, long Start, long States, long Arcs)
{
    public const int Magic = 2125659606;

    public bool HasInputSymbols => (Flags & 1) != 0;

    public bool HasOutputSymbols => (Flags & 2) != 0;

    /// <summary>
    /// Gets whether states and arcs begin at multiples of 16 bytes: by flag, and always in version 1.
    /// </summary>
    public bool Aligned => (Flags & 4) != 0 || Version == 1;

    public static FstHeader Read(FstStream stream)
    {
        var magic = stream.Int32();
        if (magic != Magic)
            throw stream.Error($"expected an OpenFst binary file, got magic number {magic}; is it text? compile it first");

        var type = stream.Text("transducer type");
        if (type is not ("vector" or "const"))
            throw stream.Error($"expected a 'vector' or 'const' transducer, got '{type}'; convert it with fstconvert");

        var arc = stream.Text("arc type");
        if (arc is not ("standard" or "log"))
            throw stream.Error($"expected arcs of type 'standard' or 'log', got '{arc}'");

        var version = stream.Int32();
        var flags = stream.Int32();
        _ = stream.Int64(); // properties: what matters is checked on the arcs themselves
        var header = new FstHeader(type, version, flags, stream.Int64(), stream.Int64(), stream.Int64());
        var unknownCount = type == "vector" && header.States == -1;
        return (header.States is >= 0 and <= int.MaxValue || unknownCount) && header.Start is >= -1 and <= int.MaxValue
            ? header
            : throw stream.Error($"expected a number of states and a start, got {header.States} and {header.Start}");
    }
}
