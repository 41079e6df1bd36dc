using System.Buffers;
using System.Runtime.InteropServices;
using Mimir.Core.Native;

namespace Mimir.Core.Tensors;

/// <content>Creation, views, and copies to and from the host.</content>
public sealed partial class Tensor
{
    /// <summary>Copies host values into a new tensor on the CPU.</summary>
    /// <param name="values">Row-major elements; as many as <paramref name="shape"/> multiplies to.</param>
    /// <param name="shape">The size of each axis, outermost first.</param>
    /// <exception cref="ArgumentException">The element count does not match the shape.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => From(Device.Cpu, values, shape);

    /// <summary>Copies host values into a new tensor on a device.</summary>
    /// <param name="device">The device of the tensor.</param>
    /// <param name="values">Row-major elements; as many as <paramref name="shape"/> multiplies to.</param>
    /// <param name="shape">The size of each axis, outermost first.</param>
    /// <param name="type">The type of the elements.</param>
    /// <exception cref="ArgumentException">The element count does not match the shape.</exception>
    public static Tensor From(
        Device device, ReadOnlySpan<float> values, ReadOnlySpan<long> shape, ElementType type = ElementType.Real32)
    {
        long expected = 1;
        foreach (var size in shape)
            expected *= size;

        if (expected != values.Length)
        {
            throw new ArgumentException(
                $"A [{string.Join(", ", shape.ToArray())}] tensor holds {expected} values, got {values.Length}.", nameof(values));
        }

        LibTorch.Check(LibTorch.mimir_tensor_from_f32(values, shape, shape.Length, (int)type, device.Index, out var handle));
        return new Tensor(handle);
    }

    /// <summary>Copies host integers into a new vector on a device.</summary>
    /// <param name="device">The device of the tensor.</param>
    /// <param name="values">The elements.</param>
    public static Tensor From(Device device, ReadOnlySpan<int> values)
    {
        LibTorch.Check(LibTorch.mimir_tensor_from_i32(values, values.Length, device.Index, out var handle));
        return new Tensor(handle);
    }

    /// <summary>Makes a tensor of zeros.</summary>
    /// <param name="device">The device of the tensor.</param>
    /// <param name="shape">The size of each axis, outermost first.</param>
    /// <param name="type">The type of the elements.</param>
    public static Tensor Zeros(Device device, ReadOnlySpan<long> shape, ElementType type = ElementType.Real32)
    {
        LibTorch.Check(LibTorch.mimir_tensor_zeros(shape, shape.Length, (int)type, device.Index, out var handle));
        return new Tensor(handle);
    }

    /// <summary>A view on the memory of this tensor.</summary>
    /// <param name="offset">The first element, counted over the flat tensor.</param>
    /// <param name="shape">The shape of the view.</param>
    /// <returns>A tensor that shares the memory; writing to one writes to the other.</returns>
    /// <exception cref="TorchException">The view leaves the tensor.</exception>
    public Tensor View(long offset, params ReadOnlySpan<long> shape)
    {
        LibTorch.Check(LibTorch.mimir_tensor_view(Handle, offset, shape, shape.Length, out var handle));
        return new Tensor(handle);
    }

    /// <summary>A view on some rows of a matrix.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns>A <c>[count, Columns]</c> tensor that shares the memory.</returns>
    public Tensor RowRange(int first, int count) => View((long)first * Columns, count, Columns);

    /// <summary>Copies the tensor.</summary>
    public Tensor Clone() => MoveTo(Device, Type);

    /// <summary>Copies the tensor to a device, as a type.</summary>
    /// <param name="device">The device of the copy.</param>
    /// <param name="type">The type of its elements.</param>
    public Tensor MoveTo(Device device, ElementType type)
    {
        LibTorch.Check(LibTorch.mimir_tensor_clone(Handle, (int)type, device.Index, out var handle));
        return new Tensor(handle);
    }

    /// <summary>Copies the elements to the host, row-major.</summary>
    /// <returns>A new array of <see cref="Count"/> values.</returns>
    public float[] ToArray()
    {
        var values = new float[Count];
        CopyTo(values);
        return values;
    }

    /// <summary>Copies the elements to the host, row-major.</summary>
    /// <param name="values">A span of exactly <see cref="Count"/> values.</param>
    public void CopyTo(Span<float> values) => LibTorch.Check(LibTorch.mimir_tensor_get_f32(Handle, values, values.Length));

    /// <summary>Copies the elements to the host, row-major, in double precision.</summary>
    /// <param name="values">A span of exactly <see cref="Count"/> values.</param>
    public void CopyTo(Span<double> values) => LibTorch.Check(LibTorch.mimir_tensor_get_f64(Handle, values, values.Length));

    /// <summary>Replaces the elements by host values, row-major.</summary>
    /// <param name="values">Exactly <see cref="Count"/> values.</param>
    public void CopyFrom(ReadOnlySpan<float> values) => LibTorch.Check(LibTorch.mimir_tensor_set_f32(Handle, values, values.Length));

    /// <summary>Replaces the elements by host values, row-major, in double precision.</summary>
    /// <param name="values">Exactly <see cref="Count"/> values.</param>
    public void CopyFrom(ReadOnlySpan<double> values) => LibTorch.Check(LibTorch.mimir_tensor_set_f64(Handle, values, values.Length));

    /// <summary>Replaces the elements by those of a tensor of the same shape, on any device.</summary>
    /// <param name="source">The tensor to copy.</param>
    public void CopyFrom(Tensor source) => LibTorch.Check(LibTorch.mimir_copy(Handle, source.Handle));

    /// <summary>The elements in host memory, for other threads; valid while this tensor lives.</summary>
    /// <exception cref="InvalidOperationException">The elements are on another device, or of another type.</exception>
    public Memory<float> AsMemory()
    {
        _ = AsSpan();
        return new HostMemory(this).Memory;
    }

    /// <summary>The elements themselves, where the CPU holds them as 32-bit floats: no copy.</summary>
    /// <returns>A span over the memory of the tensor, valid while the tensor lives.</returns>
    /// <exception cref="InvalidOperationException">The elements are on another device, or of another type.</exception>
    public unsafe Span<float> AsSpan() => Device.IsCuda || Type != ElementType.Real32
        ? throw new InvalidOperationException($"Only Real32 elements on the CPU have a span, not {this}.")
        : MemoryMarshal.CreateSpan(ref *(float*)Data, checked((int)Count));
}

/// <summary>The elements of a tensor on the host, as memory that other threads may hold.</summary>
/// <param name="tensor">A Real32 tensor on the CPU, which owns the memory.</param>
internal sealed unsafe class HostMemory(Tensor tensor) : MemoryManager<float>
{
    public override Span<float> GetSpan() => tensor.AsSpan();

    // The memory of a tensor never moves.
    public override MemoryHandle Pin(int elementIndex = 0) => new((float*)tensor.Data + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
