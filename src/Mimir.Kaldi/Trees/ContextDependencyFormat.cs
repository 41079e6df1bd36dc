using Mimir.Kaldi.Tables;

namespace Mimir.Kaldi.Trees;

/// <summary>The text and binary forms of a tree (Kaldi: <c>tree/context-dep.cc</c>, <c>tree/event-map.cc</c>).</summary>
internal static class ContextDependencyFormat
{
    // Real trees are some tens of questions deep; a damaged file must not exhaust the stack.
    private const int MaxDepth = 2000;

    private const string Begin = "ContextDependency";
    private const string End = "EndContextDependency";
    private const string Missing = "NULL";
    private const string Leaf = "CE";
    private const string Table = "TE";
    private const string Split = "SE";

    public static ContextDependency Read(KaldiReader reader, bool binary)
    {
        reader.ExpectToken(Begin);
        var width = reader.ReadInt(binary);
        var centre = reader.ReadInt(binary);
        reader.ExpectToken("ToPdf");
        var map = ReadMap(reader, binary, 0) ?? throw reader.Error("expected a tree, got none.");
        reader.ExpectToken(End);
        try
        {
            return new ContextDependency(width, centre, map);
        }
        catch (ArgumentException e)
        {
            throw reader.Error(e.Message);
        }
    }

    public static void Write(KaldiWriter writer, ContextDependency tree)
    {
        writer.WriteToken(Begin);
        writer.WriteInt(tree.ContextWidth);
        writer.WriteInt(tree.CentralPosition);
        writer.WriteToken("ToPdf");
        WriteMap(writer, tree.ToPdf);
        writer.WriteToken(End);
    }

    private static EventMap? ReadMap(KaldiReader reader, bool binary, int depth)
    {
        if (depth > MaxDepth)
            throw reader.Error($"expected a tree of at most {MaxDepth} levels.");

        var token = reader.ReadToken();
        switch (token)
        {
            case Missing:
                return null;
            case Leaf:
                return new ConstantEventMap(reader.ReadInt(binary));
            case Table:
                return ReadTable(reader, binary, depth);
            case Split:
                var key = reader.ReadInt(binary);
                var yesSet = reader.ReadIntVector(binary);
                reader.ExpectToken("{");
                var yes = ReadMap(reader, binary, depth + 1);
                var no = ReadMap(reader, binary, depth + 1);
                reader.ExpectToken("}");
                return yes is null || no is null
                    ? throw reader.Error("expected both branches of a question, one is missing.")
                    : new SplitEventMap(key, yesSet, yes, no);
            default:
                throw reader.Error($"expected {Leaf}, {Table}, {Split} or {Missing}, got '{KaldiReader.Printable(token)}'.");
        }
    }

    private static TableEventMap ReadTable(KaldiReader reader, bool binary, int depth)
    {
        var key = reader.ReadInt(binary);
        var size = reader.ReadUnsigned(binary);
        reader.ExpectToken("(");

        // The list grows with the branches that are read, so that a damaged size allocates nothing.
        List<EventMap?> branches = [];
        for (uint index = 0; index < size; index++)
            branches.Add(ReadMap(reader, binary, depth + 1));

        reader.ExpectToken(")");
        return new TableEventMap(key, branches);
    }

    private static void WriteMap(KaldiWriter writer, EventMap? map)
    {
        switch (map)
        {
            case ConstantEventMap leaf:
                writer.WriteToken(Leaf);
                writer.WriteInt(leaf.Answer);
                break;
            case TableEventMap table:
                writer.WriteToken(Table);
                writer.WriteInt(table.Key);
                writer.WriteUnsigned((uint)table.Branches.Count);
                writer.WriteToken("(");
                foreach (var branch in table.Branches)
                    WriteMap(writer, branch);

                writer.WriteToken(")");
                writer.WriteNewLine();
                break;
            case SplitEventMap split:
                writer.WriteToken(Split);
                writer.WriteInt(split.Key);
                writer.WriteIntVector([.. split.YesSet]);
                writer.WriteToken("{");
                WriteMap(writer, split.Yes);
                WriteMap(writer, split.No);
                writer.WriteToken("}");
                writer.WriteNewLine();
                break;
            default:
                writer.WriteToken(Missing);
                break;
        }
    }
}
