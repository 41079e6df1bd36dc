using System.Globalization;
using System.Runtime.InteropServices;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Graphs;

/// <summary>
/// Reads OpenFst's binary files: <c>vector</c> and <c>const</c> transducers, aligned or not, with standard (tropical) or log
/// arcs, with or without embedded symbol tables, plain or gzipped. Costs of log arcs are not converted.
/// </summary>
public static class FstReader
{
    private const int Alignment = 16;

    private delegate void StateAction(float final, ReadOnlySpan<FstArc> arcs);

    /// <summary>Reads a transducer for decoding.</summary>
    /// <param name="path">The extended file name: a file, <c>-</c> or a command; gzip is recognised by its bytes.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not such a transducer, is truncated or contradicts itself, a weight is not
    /// finite, or arcs without input form a loop with a negative sum; the message names the byte offset or the state.</exception>
    public static Fst Read(string path, KaldiIoOptions? io = null)
    {
        using var stream = FstStream.Open(path, io);
        var final = new List<float>();
        var offsets = new List<int> { 0 };
        var arcs = new List<FstArc>();
        var (start, inputs, outputs) = Read(stream, (cost, leaving) =>
        {
            final.Add(cost);
            arcs.AddRange(leaving);
            offsets.Add(arcs.Count);
        });
        stream.CheckRest();
        var span = CollectionsMarshal.AsSpan(arcs);
        Check(stream, start, final.Count);
        for (var state = 0; state < final.Count; state++)
            Check(stream, state, final.Count, final[state], span[offsets[state]..offsets[state + 1]]);

        try
        {
            return new Fst(start, [.. offsets], [.. arcs], [.. final]) { InputSymbols = inputs, OutputSymbols = outputs };
        }
        catch (InputException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Reads a transducer that can be changed.</summary>
    /// <param name="rxfilename">The extended file name: a file, <c>-</c> or a command; gzip is recognised by its bytes.</param>
    /// <param name="io">What may be opened; null means files and the standard input.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InputException">The file is not such a transducer, is truncated or contradicts itself, or a weight is not
    /// finite; the message names the byte offset or the state.</exception>
    public static VectorFst ReadVector(string rxfilename, KaldiIoOptions? io = null)
    {
        using var stream = FstStream.Open(rxfilename, io);
        var fst = ReadVector(stream);
        stream.CheckRest();
        return fst;
    }

    /// <summary>Reads a transducer that other data may follow.</summary>
    internal static VectorFst ReadVector(FstStream stream)
    {
        var fst = new VectorFst();
        var (start, inputs, outputs) = Read(stream, (cost, arcs) => fst.SetArcs(fst.AddState(cost), arcs));
        Check(stream, start, fst.StateCount);
        for (var state = 0; state < fst.StateCount; state++)
            Check(stream, state, fst.StateCount, fst.Final(state), fst.Arcs(state));

        fst.Start = start;
        fst.InputSymbols = inputs;
        fst.OutputSymbols = outputs;
        return fst;
    }

    private static (int Start, SymbolTable? Inputs, SymbolTable? Outputs) Read(FstStream stream, StateAction add)
    {
        var header = FstHeader.Read(stream);
        var inputs = header.HasInputSymbols ? SymbolTableFormat.Read(stream) : null;
        var outputs = header.HasOutputSymbols ? SymbolTableFormat.Read(stream) : null;
        if (header.Type == "const")
            ReadConst(stream, header, add);
        else
            ReadVector(stream, header, add);

        return ((int)header.Start, inputs, outputs);
    }

    private static void ReadVector(FstStream stream, FstHeader header, StateAction add)
    {
        for (long state = 0; header.States < 0 ? !stream.AtEnd() : state < header.States; state++)
        {
            var final = stream.Single();
            add(final, stream.Records<FstArc>(stream.Int64(), "arcs"));
        }
    }

    private static void ReadConst(FstStream stream, FstHeader header, StateAction add)
    {
        if (header.Aligned)
            stream.Align(Alignment);

        var states = stream.Records<ConstState>(header.States, "states");
        if (header.Aligned)
            stream.Align(Alignment);

        var arcs = stream.Records<FstArc>(header.Arcs, "arcs");
        var offset = 0;
        for (var state = 0; state < states.Length; state++)
        {
            if (states[state].Position != offset)
                throw stream.Error($"expected the arcs of state {state} at {offset}, got {states[state].Position}");

            if (states[state].Arcs > arcs.Length - offset)
                throw stream.Error($"expected {arcs.Length} arcs, got more in state {state}");

            add(states[state].Final, arcs.AsSpan(offset, (int)states[state].Arcs));
            offset += (int)states[state].Arcs;
        }

        if (offset != arcs.Length)
            throw stream.Error($"expected {arcs.Length} arcs, got {offset} in the states");
    }

    private static void Check(FstStream stream, int start, int count)
    {
        if (start < -1 || start >= count)
            throw stream.Error($"expected a start state below {count}, got {start}");
    }

    private static void Check(FstStream stream, int state, int count, float final, ReadOnlySpan<FstArc> arcs)
    {
        foreach (ref readonly var arc in arcs)
        {
            if ((uint)arc.Next >= (uint)count || arc.Input < 0 || arc.Output < 0 || !float.IsFinite(arc.Weight))
            {
                throw stream.Error(string.Create(
                    CultureInfo.InvariantCulture,
                    $"state {state}: expected an arc to one of {count} states with labels from 0 and a finite weight, got labels "
                    + $"{arc.Input}:{arc.Output}, weight {arc.Weight}, next state {arc.Next}"));
            }
        }

        if (float.IsNaN(final) || float.IsNegativeInfinity(final))
            throw stream.Error(FormattableString.Invariant($"state {state}: expected a final cost, got {final}"));
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct ConstState(float Final, uint Position, uint Arcs, uint Epsilons, uint OutputEpsilons);
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
