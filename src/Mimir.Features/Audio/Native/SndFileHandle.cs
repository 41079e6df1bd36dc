using System.Runtime.InteropServices;

namespace Mimir.Features.Audio.Native;

/// <summary>Owns one open <c>SNDFILE</c>.</summary>
internal sealed class SndFileHandle : SafeHandle
{
    /// <summary>Creates an empty handle for the marshaller to fill in.</summary>
    public SndFileHandle()
        : base(invalidHandleValue: 0, ownsHandle: true)
    {
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => SndFile.sf_close(handle) == 0;
}
