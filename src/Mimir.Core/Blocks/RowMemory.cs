using Mimir.Core.Tensors;

namespace Mimir.Core.Blocks;

/// <summary>A block's own matrix of as many rows as a batch needs; it grows and never shrinks.</summary>
/// <param name="columns">The number of columns.</param>
internal sealed class RowMemory(int columns) : IDisposable
{
    private Device _device;
    private ElementType _type;
    private Tensor? _memory, _view;

    public void Bind(Device device, ElementType type) => (_device, _type) = (device, type);

    /// <summary>A <c>[rows, columns]</c> tensor, which belongs to this object; what the last call of so many rows left stays in it.</summary>
    public Tensor For(int rows)
    {
        if (_view?.Rows == rows)
            return _view;

        _view?.Dispose();
        if (_memory is null || _memory.Rows < rows)
        {
            _memory?.Dispose();
            _memory = Tensor.Zeros(_device, [rows, columns], _type);
        }

        return _view = _memory.RowRange(0, rows);
    }

    public void Dispose()
    {
        _view?.Dispose();
        _memory?.Dispose();
        (_view, _memory) = (null, null);
    }
}
