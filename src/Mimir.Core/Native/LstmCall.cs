using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Mimir.Core.Blocks;
using Mimir.Core.Tensors;

namespace Mimir.Core.Native;

/// <summary>Lends the tensors of a recurrent layer to one native call, in the structures of <c>native/src/mimir_torch.h</c>.</summary>
internal ref struct LstmCall : IDisposable
{
    private readonly int _count;
    private readonly List<Tensor> _held = [];
    private DirectionPair _directions;
    private Limits _limits;

    public LstmCall(LstmSpec spec, IReadOnlyList<LstmDirection> directions)
    {
        _count = directions.Count;
        _limits = new() { Cell = spec.CellClip, Diff = spec.DiffClip, CellDiff = spec.CellDiffClip };
        for (var i = 0; i < directions.Count; i++)
        {
            _directions[i] = new()
            {
                Values = Lend(directions[i].Values),
                Gradients = Lend(directions[i].Gradients),
                Workspace = Lend(directions[i].Workspace),
                State = Lend(directions[i].State),
                Reverse = directions[i].Reverse ? 1 : 0,
            };
        }
    }

    public void Forward(in PackedSequences sequences, Tensor x, Tensor y) => LibTorch.Check(LibTorch.mimir_lstm_forward(
        in sequences.Native, x.Handle, in _directions, _count, in _limits, y.Handle));

    public void Backward(in PackedSequences sequences, Tensor x, Tensor y, Tensor dy, Tensor? dx)
    {
        using var to = new Optional(dx);
        LibTorch.Check(LibTorch.mimir_lstm_backward(
            in sequences.Native, x.Handle, in _directions, _count, in _limits, y.Handle, dy.Handle, to.Address));
    }

    public void Dispose()
    {
        foreach (var tensor in _held)
            tensor.Handle.DangerousRelease();
        _held.Clear();
    }

    private Parameters Lend(IReadOnlyList<Tensor?> tensors)
    {
        var addresses = default(Parameters);
        for (var i = 0; i < tensors.Count; i++)
            addresses[i] = Lend(tensors[i]);
        return addresses;
    }

    private readonly nint Lend(Tensor? tensor)
    {
        if (tensor is null)
            return 0;

        var held = false;
        tensor.Handle.DangerousAddRef(ref held);
        _held.Add(tensor);
        return tensor.Handle.DangerousGetHandle();
    }

    /// <summary><c>mimir_lstm_parameters</c>.</summary>
    [InlineArray(7)]
    internal struct Parameters
    {
        private nint _first;
    }

    /// <summary><c>mimir_lstm_direction</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Direction
    {
        public Parameters Values;
        public Parameters Gradients;
        public nint Workspace;
        public nint State;
        public int Reverse;
    }

    /// <summary>Room for both directions.</summary>
    [InlineArray(2)]
    internal struct DirectionPair
    {
        private Direction _first;
    }

    /// <summary><c>mimir_lstm_limits</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Limits
    {
        public double Cell;
        public double Diff;
        public double CellDiff;
    }
}
