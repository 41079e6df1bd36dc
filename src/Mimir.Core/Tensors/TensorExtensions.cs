using System.Buffers;
using Mimir.Core.Native;
using Mimir.Core.Runtime;
using TorchSharp;

namespace Mimir.Core.Tensors;

/// <summary>Creation of TorchSharp's tensors, views of flat buffers, and copies to and from the host.</summary>
/// <remarks>
/// Shapes are written in brackets with single-letter axes: <c>[T, D]</c> is T frames of D features. All tensors of Mimir are
/// dense and row-major. The collector does not know the memory of a tensor: whoever makes one disposes of it.
/// </remarks>
public static class TensorExtensions
{
    extension(Tensor tensor)
    {
        /// <summary>Copies host values into a new Float32 tensor on the CPU.</summary>
        /// <param name="values">Row-major elements; as many as <paramref name="shape"/> multiplies to.</param>
        /// <param name="shape">The size of each axis, outermost first.</param>
        /// <exception cref="ArgumentException">The element count does not match the shape.</exception>
        public static Tensor From(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) => Tensor.From(Device.Cpu, values, shape);

        /// <summary>Copies host values into a new tensor on a device.</summary>
        /// <param name="device">The device of the tensor.</param>
        /// <param name="values">Row-major elements; as many as <paramref name="shape"/> multiplies to.</param>
        /// <param name="shape">The size of each axis, outermost first.</param>
        /// <param name="type">The type of the elements.</param>
        /// <exception cref="ArgumentException">The element count does not match the shape.</exception>
        public static Tensor From(
            Device device, ReadOnlySpan<float> values, ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32)
        {
            var made = Make(zeros: false, device, shape, type);
            if (made.Count != values.Length)
            {
                made.Dispose();
                throw new ArgumentException(
                    $"A [{string.Join(", ", shape.ToArray())}] tensor does not hold {values.Length} values.", nameof(values));
            }

            made.CopyFrom(values);
            return made;
        }

        /// <summary>Makes a tensor of zeros.</summary>
        /// <param name="device">The device of the tensor.</param>
        /// <param name="shape">The size of each axis, outermost first.</param>
        /// <param name="type">The type of the elements.</param>
        /// <exception cref="DeviceException">The memory does not suffice.</exception>
        public static Tensor Zeros(Device device, ReadOnlySpan<long> shape, ScalarType type = ScalarType.Float32) =>
            Make(zeros: true, device, shape, type);

        /// <summary>Copies host integers into a new Int64 vector on a device: indices, as TorchSharp's operations take them.</summary>
        /// <param name="device">The device of the tensor.</param>
        /// <param name="values">The elements.</param>
        internal static Tensor Indices(Device device, ReadOnlySpan<int> values)
        {
            TorchRuntime.Load();
            var longs = new long[values.Length];
            for (var i = 0; i < longs.Length; i++)
                longs[i] = values[i];
            return torch.tensor(longs, device: device.ToTorch());
        }

        /// <summary>Makes the vector 0, 1, 2 … of whole numbers.</summary>
        /// <param name="count">The number of elements.</param>
        /// <param name="device">The device of the vector.</param>
        internal static Tensor Range(long count, torch.Device device) =>
            torch.arange(Scalars.Of(0L), Scalars.Of(count), Scalars.Of(1L), ScalarType.Int64, device);

        /// <summary>Gets the number of elements.</summary>
        public long Count => tensor.numel();

        /// <summary>Gets the size of the first axis of a matrix.</summary>
        public int Rows => (int)tensor.size(0);

        /// <summary>Gets the size of the last axis.</summary>
        public int Columns => (int)tensor.size(-1);

        /// <summary>Gets the address of the first element in the memory of the device, for kernels, transports and collectives.</summary>
        /// <remarks>Valid while the tensor lives.</remarks>
        public nint Data => TorchRuntime.THSTensor_data(tensor.Handle);

        /// <summary>True when the elements are 32-bit floats in host memory.</summary>
        public bool IsHostFloat => tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU;

        /// <summary>A view on the memory of a tensor.</summary>
        /// <param name="offset">The first element, counted over the flat tensor.</param>
        /// <param name="shape">The shape of the view.</param>
        /// <returns>A tensor that shares the memory; writing to one writes to the other.</returns>
        public Tensor Window(long offset, params ReadOnlySpan<long> shape)
        {
            long count = 1;
            foreach (var size in shape)
                count *= size;
            using var flat = tensor.view(-1);
            using var part = flat.narrow(0, offset, count);
            return part.view(shape.ToArray());
        }

        /// <summary>A view on some rows of a matrix.</summary>
        /// <param name="first">The first row.</param>
        /// <param name="count">The number of rows.</param>
        /// <returns>A <c>[count, Columns]</c> tensor that shares the memory.</returns>
        public Tensor RowRange(int first, int count) => tensor.narrow(0, first, count);

        /// <summary>Copies the elements to the host, row-major.</summary>
        /// <returns>A new array of <c>Count</c> values.</returns>
        public float[] ToArray()
        {
            var values = new float[tensor.Count];
            tensor.CopyTo(values);
            return values;
        }

        /// <summary>Copies the elements to the host, row-major.</summary>
        /// <param name="values">A span of exactly <c>Count</c> values.</param>
        public void CopyTo(Span<float> values) => Read(tensor, values, ScalarType.Float32);

        /// <summary>Copies the elements to the host, row-major, in double precision.</summary>
        /// <param name="values">A span of exactly <c>Count</c> values.</param>
        public void CopyTo(Span<double> values) => Read(tensor, values, ScalarType.Float64);

        /// <summary>Replaces the elements by host values, row-major.</summary>
        /// <param name="values">Exactly <c>Count</c> values.</param>
        public void CopyFrom(ReadOnlySpan<float> values) => Write(tensor, values, ScalarType.Float32);

        /// <summary>Replaces the elements by host values, row-major, in double precision.</summary>
        /// <param name="values">Exactly <c>Count</c> values.</param>
        public void CopyFrom(ReadOnlySpan<double> values) => Write(tensor, values, ScalarType.Float64);

        /// <summary>The elements in host memory, for other threads; valid while the tensor lives.</summary>
        /// <exception cref="InvalidOperationException">The elements are on another device, or of another type.</exception>
        public Memory<float> AsMemory()
        {
            _ = tensor.AsSpan();
            return new HostMemory(tensor).Memory;
        }

        /// <summary>The elements themselves, where the CPU holds them as 32-bit floats: no copy.</summary>
        /// <returns>A span over the memory of the tensor, valid while the tensor lives.</returns>
        /// <exception cref="InvalidOperationException">The elements are on another device, or of another type.</exception>
        public unsafe Span<float> AsSpan() => tensor.IsHostFloat
            ? new Span<float>((void*)tensor.Data, checked((int)tensor.Count))
            : throw new InvalidOperationException(
                $"Only 32-bit floats on the CPU have a span, not {tensor.dtype} on {Device.Of(tensor)}.");
    }

    private static Tensor Make(bool zeros, Device device, ReadOnlySpan<long> shape, ScalarType type)
    {
        TorchRuntime.Load();
        var (sizes, place) = (shape.ToArray(), device.ToTorch());
        return DeviceException.Guard(
            () => zeros ? torch.zeros(sizes, dtype: type, device: place) : torch.empty(sizes, dtype: type, device: place), "Tensor");
    }

    private static unsafe void Read<T>(Tensor tensor, Span<T> values, ScalarType type)
        where T : unmanaged
    {
        CheckCount(tensor, values.Length);
        using var host = tensor.to(type, torch.CPU);
        new ReadOnlySpan<T>((void*)host.Data, values.Length).CopyTo(values);
        GC.KeepAlive(tensor);
    }

    private static unsafe void Write<T>(Tensor tensor, ReadOnlySpan<T> values, ScalarType type)
        where T : unmanaged
    {
        CheckCount(tensor, values.Length);
        if (tensor.dtype == type && tensor.device_type == DeviceType.CPU)
        {
            values.CopyTo(new Span<T>((void*)tensor.Data, values.Length));
            GC.KeepAlive(tensor);
            return;
        }

        using var host = torch.empty(tensor.shape, dtype: type);
        values.CopyTo(new Span<T>((void*)host.Data, values.Length));
        tensor.copy_(host);
    }

    private static void CheckCount(Tensor tensor, int count)
    {
        if (tensor.Count != count)
            throw new ArgumentException($"A tensor of {tensor.Count} elements cannot be copied from or to {count}.", nameof(count));
    }
}

/// <summary>The elements of a tensor on the host, as memory that other threads may hold.</summary>
/// <param name="tensor">A Float32 tensor on the CPU, which owns the memory.</param>
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
