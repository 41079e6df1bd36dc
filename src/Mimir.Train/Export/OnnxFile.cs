using Mimir.Base;
namespace Mimir.Train.Export;

/// <summary>The content of an ONNX file, as far as a network of layers needs it.</summary>
/// <param name="Name">The file.</param>
/// <param name="Nodes">The nodes in order.</param>
/// <param name="Constants">The constants by name.</param>
/// <param name="Inputs">The inputs and the size of their last axis, 0 where it is free.</param>
/// <param name="Outputs">The outputs.</param>
/// <param name="Metadata">The metadata of the model.</param>
/// <param name="Length">The size of the file in bytes.</param>
internal sealed record OnnxFile(
    string Name,
    IReadOnlyList<OnnxNode> Nodes,
    IReadOnlyDictionary<string, OnnxTensor> Constants,
    IReadOnlyList<(string Name, int Dim)> Inputs,
    IReadOnlyList<string> Outputs,
    IReadOnlyDictionary<string, string> Metadata,
    long Length)
{
    // ir_version, the first field of every ONNX model.
    private const byte FirstTag = 0x08;

    /// <summary>True when a file is ONNX; files of Kaldi's begin otherwise.</summary>
    public static bool IsOne(string path)
    {
        if (!File.Exists(path))
            return false;

        using var stream = File.OpenRead(path);
        return stream.ReadByte() == FirstTag;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is no ONNX model, or damaged.</exception>
    public static OnnxFile Read(string path)
    {
        var constants = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var nodes = new List<OnnxNode>();
        var (inputs, outputs) = (new List<(string Name, int Dim)>(), new List<(string Name, int Dim)>());
        var data = File.ReadAllBytes(path);
        var model = new ProtoReader(data, path);
        var graphs = 0;
        while (model.Next())
        {
            switch (model.Field)
            {
                case 7:
                    graphs++;
                    ReadGraph(model.Message(), nodes, constants, inputs, outputs);
                    break;
                case 14:
                    ReadMetadata(model.Message(), metadata);
                    break;
                default:
                    model.Skip();
                    break;
            }
        }

        return graphs == 1
            ? new(
                path, nodes, constants, [.. inputs.Where(input => !constants.ContainsKey(input.Name))],
                [.. outputs.Select(output => output.Name)], metadata, data.Length)
            : throw model.Error($"expected a model with one graph, got {graphs}");
    }

    private static void ReadGraph(
        ProtoReader graph,
        List<OnnxNode> nodes,
        Dictionary<string, OnnxTensor> constants,
        List<(string Name, int Dim)> inputs,
        List<(string Name, int Dim)> outputs)
    {
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1:
                    nodes.Add(OnnxNode.Read(graph.Message(), constants));
                    break;
                case 5:
                    var (name, tensor) = OnnxTensor.Read(graph.Message());
                    constants[name] = tensor;
                    break;
                case 11:
                    inputs.Add(ReadValue(graph.Message()));
                    break;
                case 12:
                    outputs.Add(ReadValue(graph.Message()));
                    break;
                default:
                    graph.Skip();
                    break;
            }
        }
    }

    // ValueInfoProto: name 1, type 2 . tensor_type 1 . shape 2 . dim 1 . dim_value 1.
    private static (string Name, int Dim) ReadValue(ProtoReader value)
    {
        var (name, dim) = ("", 0L);
        while (value.Next())
        {
            if (value.Field == 1)
                name = value.Text();
            else if (value.Field == 2)
                dim = LastDim(value.Message(), 1, 2, 1);
            else
                value.Skip();
        }

        return (name, dim is > 0 and <= int.MaxValue ? (int)dim : 0);
    }

    private static long LastDim(ProtoReader message, params ReadOnlySpan<int> path)
    {
        var last = 0L;
        while (message.Next())
        {
            if (path is [var field, .. var rest] && message.Field == field)
                last = LastDim(message.Message(), rest);
            else if (path.Length == 0 && message.Field == 1)
                last = message.Int();
            else
                message.Skip();
        }

        return last;
    }

    private static void ReadMetadata(ProtoReader entry, Dictionary<string, string> metadata)
    {
        var (key, value) = ("", "");
        while (entry.Next())
        {
            if (entry.Field == 1)
                key = entry.Text();
            else if (entry.Field == 2)
                value = entry.Text();
            else
                entry.Skip();
        }

        metadata[key] = value;
    }
}
