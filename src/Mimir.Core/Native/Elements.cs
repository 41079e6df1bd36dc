using System.Runtime.InteropServices.Marshalling;
using Mimir.Core.Runtime;

namespace Mimir.Core.Native;

/// <summary>Passes a tensor to a kernel as the address of its first element, and keeps it alive until the call returns.</summary>
[CustomMarshaller(typeof(Tensor), MarshalMode.ManagedToUnmanagedIn, typeof(InCall))]
internal static class Elements
{
    /// <summary>The tensor of one argument of one call; null is the null address.</summary>
    public ref struct InCall
    {
        private Tensor? _tensor;

        /// <summary>Takes the tensor.</summary>
        public void FromManaged(Tensor? tensor) => _tensor = tensor;

        /// <summary>The address of its first element.</summary>
        public readonly nint ToUnmanaged() => _tensor is null ? 0 : TorchRuntime.THSTensor_data(_tensor.Handle);

        /// <summary>Ends the loan.</summary>
        public readonly void Free() => GC.KeepAlive(_tensor);
    }
}
