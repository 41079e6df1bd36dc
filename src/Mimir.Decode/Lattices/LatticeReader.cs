using System.Buffers.Binary;
using System.Text;
using Mimir.Base;
using Mimir.Kaldi.Tables;

namespace Mimir.Decode.Lattices;

/// <summary>
/// Reads lattices as Kaldi writes them: OpenFst's vector form with weights of type lattice4, lattice8, compactlattice44 or
/// compactlattice84, or text (<see cref="LatticeTextReader"/>). States that lie on no path from start to end are left out.
/// </summary>
internal static class LatticeReader
{
    /// <summary>The first four bytes of OpenFst's files.</summary>
    public const int Magic = 2125659606;

    /// <summary>Reads a lattice.</summary>
    /// <param name="reader">Stands behind the key.</param>
    /// <param name="words">True to take text that fits both forms as a word lattice.</param>
    /// <exception cref="InputException">The data is malformed, or has a cycle.</exception>
    public static LatticeFile Read(KaldiReader reader, bool words)
    {
        var first = reader.Peek();
        if (first is ' ' or (>= '\t' and <= '\r'))
            return LatticeTextReader.Read(reader, words);

        if (first != (Magic & 0xff))
            throw reader.Error("expected a lattice: a line of its own in text, or OpenFst's magic number.");

        var header = LatticeHeader.Read(reader);
        return header.HasWords
            ? new LatticeFile(null, ReadWords(reader, header))
            : new LatticeFile(ReadTransitions(reader, header), null);
    }

    /// <summary>Builds a lattice; a cycle is an error at this place of the file.</summary>
    public static T Build<T>(KaldiReader reader, Func<T> build)
    {
        try
        {
            return build();
        }
        catch (InputException e)
        {
            throw reader.Error($"{e.Message}.");
        }
    }

    private static Lattice ReadTransitions(KaldiReader reader, LatticeHeader header)
    {
        var builder = new LatticeBuilder { Start = header.Start };
        for (var state = 0; state < header.States; state++)
        {
            builder.SetFinal(builder.AddState(), header.ReadWeight(reader, final: true));
            for (var left = LatticeHeader.ReadCount(reader); left > 0; left--)
            {
                var labels = reader.ReadRaw<int>(2);
                header.CheckLabels(reader, state, labels);
                var weight = header.ReadWeight(reader);
                builder.AddArc(state, new LatticeArc(labels[0], labels[1], weight, header.ReadNext(reader, state)));
            }
        }

        return Build(reader, () => builder.Build(keepOrder: true));
    }

    private static WordLattice ReadWords(KaldiReader reader, LatticeHeader header)
    {
        var builder = new WordLatticeBuilder { Start = header.Start };
        for (var state = 0; state < header.States; state++)
        {
            var final = header.ReadWeight(reader, final: true);
            builder.SetFinal(builder.AddState(), final, LatticeHeader.ReadAlignment(reader));
            for (var left = LatticeHeader.ReadCount(reader); left > 0; left--)
            {
                var labels = reader.ReadRaw<int>(2);
                header.CheckLabels(reader, state, labels);
                var weight = header.ReadWeight(reader);
                var alignment = LatticeHeader.ReadAlignment(reader);
                builder.AddArc(state, new WordArc(labels[0], weight, alignment, header.ReadNext(reader, state)));
            }
        }

        return Build(reader, () => builder.Build(keepOrder: true));
    }
}

/// <summary>The header of a lattice in OpenFst's form, and the values that depend on it.</summary>
/// <param name="HasWords">True for a word lattice.</param>
/// <param name="IsDouble">True for weights of 8 bytes.</param>
/// <param name="Start">The start state.</param>
/// <param name="States">The number of states.</param>
internal sealed record LatticeHeader(bool HasWords, bool IsDouble, int Start, int States)
{
    private const int MaxTypeLength = 64;

    public static LatticeHeader Read(KaldiReader reader)
    {
        if (reader.ReadRaw<int>(1)[0] != LatticeReader.Magic)
            throw reader.Error("expected the magic number of OpenFst.");

        var type = ReadText(reader);
        if (type != "vector")
            throw reader.Error($"expected a lattice as a 'vector' of OpenFst, got '{KaldiReader.Printable(type)}'.");

        var arcs = ReadText(reader);
        if (arcs is not ("lattice4" or "lattice8" or "compactlattice44" or "compactlattice84"))
        {
            throw reader.Error(
                $"expected arcs of a lattice, got '{KaldiReader.Printable(arcs)}'{(arcs == "standard" ? ": this is a graph" : "")}.");
        }

        var (version, flags) = (reader.ReadRaw<int>(1)[0], reader.ReadRaw<int>(1)[0]);
        if (version != 2 || (flags & 3) != 0)
            throw reader.Error($"expected version 2 without symbols, got version {version}, flags {flags}.");

        var counts = reader.ReadRaw<long>(4); // properties, start, states, arcs
        var (start, states) = (counts[1], counts[2]);
        return states is >= 0 and <= int.MaxValue && (start >= 0 ? start < states : start == -1 && states == 0)
            ? new LatticeHeader(arcs[0] == 'c', arcs is "lattice8" or "compactlattice84", Math.Max(0, (int)start), (int)states)
            : throw reader.Error($"expected a start below the number of states, got {start} and {states}.");
    }

    public LatticeWeight ReadWeight(KaldiReader reader, bool final = false)
    {
        Span<byte> bytes = stackalloc byte[IsDouble ? 16 : 8];
        reader.ReadBytes(bytes);
        var weight = IsDouble
            ? new LatticeWeight(
                (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes), (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[8..]))
            : new LatticeWeight(BinaryPrimitives.ReadSingleLittleEndian(bytes), BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]));
        return weight.IsFinite || (final && weight == LatticeWeight.Zero)
            ? weight
            : throw reader.Error("expected two finite costs, got infinity or NaN.");
    }

    public static long ReadCount(KaldiReader reader) => reader.ReadRaw<long>(1)[0] is >= 0 and var count
        ? count
        : throw reader.Error("expected a number of arcs, got a negative one.");

    public int ReadNext(KaldiReader reader, int state) => reader.ReadRaw<int>(1)[0] is var next && (uint)next < (uint)States
        ? next
        : throw reader.Error($"state {state}: expected an arc to one of {States} states, got {next}.");

    public static int[] ReadAlignment(KaldiReader reader)
    {
        var alignment = reader.ReadRaw<int>(reader.ReadRaw<int>(1)[0]);
        return Array.TrueForAll(alignment, transition => transition > 0)
            ? alignment
            : throw reader.Error("expected transition-ids from 1 on.");
    }

    public void CheckLabels(KaldiReader reader, int state, int[] labels)
    {
        if (labels[0] < 0 || labels[1] < 0 || (HasWords && labels[0] != labels[1]))
            throw reader.Error($"state {state}: expected labels from 0 on, got {labels[0]} and {labels[1]}.");
    }

    private static string ReadText(KaldiReader reader)
    {
        var length = reader.ReadRaw<int>(1)[0];
        if (length is < 0 or > MaxTypeLength)
            throw reader.Error($"expected a type of OpenFst, got a text of {length} bytes.");

        return Encoding.ASCII.GetString(reader.ReadRaw<byte>(length));
    }
}
