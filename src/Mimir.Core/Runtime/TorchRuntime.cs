using System.Runtime.InteropServices;
using Mimir.Base;
using TorchSharp;

namespace Mimir.Core.Runtime;

/// <summary>The one place that loads libtorch and TorchSharp's native part: see docs/decisions/0016-torchsharp.md.</summary>
/// <remarks>
/// libtorch comes from the package by the program, or from the folder that MIMIR_LIBTORCH names: the libtorch of a PyTorch, or an
/// unpacked one, of the minor version that TorchSharp was built for. Nothing is loaded before the first tensor is made.
/// </remarks>
public static partial class TorchRuntime
{
    /// <summary>The environment variable that names another libtorch.</summary>
    public const string FolderVariable = "MIMIR_LIBTORCH";

    private const string Bridge = "LibTorchSharp";
    private static readonly Lock Loading = new();
    private static volatile TorchFiles? _files;

    /// <summary>Gets the files that were taken.</summary>
    /// <exception cref="InputException">libtorch is missing, or the one that was named does not fit.</exception>
    public static TorchFiles Files
    {
        get
        {
            Load();
            return _files!;
        }
    }

    /// <summary>Gets the number of CUDA devices; 0 without a CUDA libtorch or without a driver.</summary>
    internal static int CudaDevices => Files.HasCuda && torch.cuda.is_available() ? torch.cuda.device_count() : 0;

    /// <summary>Loads libtorch, once; call it before the first use of TorchSharp.</summary>
    /// <exception cref="InputException">libtorch is missing, or the one that was named does not fit.</exception>
    public static void Load()
    {
        if (_files is not null)
            return;

        lock (Loading)
            _files ??= Load(TorchFiles.Find(Environment.GetEnvironmentVariable(FolderVariable), NativeLibraries.Folders));
    }

    [LibraryImport(Bridge)]
    internal static partial nint THSTensor_data(nint tensor);

    // Of all devices; TorchSharp's manual_seed looks for CUDA in each call and makes an object.
    [LibraryImport(Bridge)]
    internal static partial void THSTorch_manual_seed(long seed);

    // Each library by its path, before TorchSharp looks for it by name: the loader then finds it by that name.
    private static TorchFiles Load(TorchFiles files)
    {
        foreach (var library in files.Libraries)
            Open(library);

        var bridge = files.Bridge;
        if (!NativeLibrary.TryLoad(bridge, out var handle))
        {
            bridge = BridgePatch.CopyFor(files.Bridge);
            handle = Open(bridge);
        }

        NativeLibraries.Serve(Bridge, handle);
        if (!torch.TryInitializeDeviceType(DeviceType.CPU))
            throw new InputException($"libtorch in {files.Folder} does not start; 'mimir doctor' shows the files");
        return files with { Bridge = bridge };
    }

    private static nint Open(string library)
    {
        try
        {
            return NativeLibrary.Load(library);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            // .NET's own text, and then a line of the loader's.
            var reason = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            throw new InputException($"{library} cannot be loaded: {reason}", error);
        }
    }
}
