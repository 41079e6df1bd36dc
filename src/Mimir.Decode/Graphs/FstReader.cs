using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.Base;

namespace Mimir.Decode.Graphs;

/// <summary>
/// Reads OpenFst's binary files: <c>vector</c> and <c>const</c> transducers, aligned or not, with standard (tropical) or log
/// arcs, with or without embedded symbol tables, plain or gzipped. Costs of log arcs are not converted.
/// </summary>
public static class FstReader
{
    private const int Alignment = 16;

    /// <summary>Reads a transducer.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not such a transducer, is truncated or contradicts itself, a weight is not
    /// finite, or arcs without input form a loop with a negative sum; the message names the byte offset or the state.</exception>
    public static Fst Read(string path)
    {
        using var stream = FstStream.Open(path);
        var header = FstHeader.Read(stream);
        var inputs = header.HasInputSymbols ? SymbolTableFormat.Read(stream) : null;
        var outputs = header.HasOutputSymbols ? SymbolTableFormat.Read(stream) : null;
        var graph = header.Type == "const" ? ReadConst(stream, header) : ReadVector(stream, header);
        stream.CheckRest();
        Check(stream, graph);
        try
        {
            return new Fst(graph.Start, graph.Offsets, graph.Arcs, graph.Final) { InputSymbols = inputs, OutputSymbols = outputs };
        }
        catch (InputException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    private static Parts ReadVector(FstStream stream, FstHeader header)
    {
        var final = new List<float>();
        var offsets = new List<int> { 0 };
        var arcs = new List<FstArc>();
        for (long state = 0; header.States < 0 ? !stream.AtEnd() : state < header.States; state++)
        {
            final.Add(stream.Single());
            arcs.AddRange(stream.Records<FstArc>(stream.Int64(), "arcs"));
            offsets.Add(arcs.Count);
        }

        return new Parts((int)header.Start, [.. offsets], [.. arcs], [.. final]);
    }

    private static Parts ReadConst(FstStream stream, FstHeader header)
    {
        if (header.Aligned)
            stream.Align(Alignment);

        var states = stream.Records<ConstState>(header.States, "states");
        if (header.Aligned)
            stream.Align(Alignment);

        var arcs = stream.Records<FstArc>(header.Arcs, "arcs");
        var offsets = new int[states.Length + 1];
        for (var state = 0; state < states.Length; state++)
        {
            if (states[state].Position != offsets[state])
                throw stream.Error($"expected the arcs of state {state} at {offsets[state]}, got {states[state].Position}");

            if (states[state].Arcs > arcs.Length - offsets[state])
                throw stream.Error($"expected {arcs.Length} arcs, got more in state {state}");

            offsets[state + 1] = offsets[state] + (int)states[state].Arcs;
        }

        return offsets[^1] == arcs.Length
            ? new Parts((int)header.Start, offsets, arcs, Array.ConvertAll(states, state => state.Final))
            : throw stream.Error($"expected {arcs.Length} arcs, got {offsets[^1]} in the states");
    }

    private static void Check(FstStream stream, Parts graph)
    {
        var count = graph.Final.Length;
        if (graph.Start < -1 || graph.Start >= count)
            throw stream.Error($"expected a start state below {count}, got {graph.Start}");

        for (var state = 0; state < count; state++)
        {
            foreach (ref readonly var arc in graph.Arcs.AsSpan(graph.Offsets[state]..graph.Offsets[state + 1]))
            {
                if ((uint)arc.Next >= (uint)count || arc.Input < 0 || arc.Output < 0 || !float.IsFinite(arc.Weight))
                {
                    throw stream.Error(string.Create(
                        CultureInfo.InvariantCulture,
                        $"state {state}: expected an arc to one of {count} states with labels from 0 and a finite weight, got labels "
                        + $"{arc.Input}:{arc.Output}, weight {arc.Weight}, next state {arc.Next}"));
                }
            }

            if (float.IsNaN(graph.Final[state]) || float.IsNegativeInfinity(graph.Final[state]))
                throw stream.Error(FormattableString.Invariant($"state {state}: expected a final cost, got {graph.Final[state]}"));
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct ConstState(float Final, uint Position, uint Arcs, uint Epsilons, uint OutputEpsilons);

    private sealed record Parts(int Start, int[] Offsets, FstArc[] Arcs, float[] Final);
}

/// <summary>The header of OpenFst's binary files.</summary>
internal sealed record FstHeader(string Type, int Version, int Flags, long Start, long States, long Arcs)
{
    public const int Magic = 2125659606;

    public bool HasInputSymbols => (Flags & 1) != 0;

    public bool HasOutputSymbols => (Flags & 2) != 0;

    /// <summary>True when states and arcs start at multiples of 16 bytes: by flag, and always in version 1.</summary>
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
