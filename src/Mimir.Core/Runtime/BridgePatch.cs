using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Mimir.Base;

namespace Mimir.Core.Runtime;

/// <summary>
/// A private copy of TorchSharp's native part for a libstdc++ older than that of GCC 13: see docs/decisions/0016-torchsharp.md.
/// </summary>
/// <remarks>
/// It was compiled with a newer GCC and needs version GLIBCXX_3.4.32 of libstdc++ for one symbol that nothing in it calls. In
/// the copy that need is marked weak (VER_FLG_WEAK), so that the loader goes on without it. Only the file that was examined is
/// patched.
/// </remarks>
internal static class BridgePatch
{
    private const string Need = "GLIBCXX_3.4.32";

    // libLibTorchSharp.so of the package TorchSharp 0.107.0, linux-x64.
    private const string Sha256 = "cf33b1b0bb6bbb9754a768fb5c5d04d9f498603be50e73f55621a0b40ee608b8";

    private const uint VersionNeeds = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>The patched copy of the original, made when it is not there yet.</summary>
    /// <param name="original">The file that the loader refused.</param>
    /// <exception cref="InputException">The file is not the known one, or no folder can be written.</exception>
    public static string CopyFor(string original)
    {
        var bytes = File.ReadAllBytes(original);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != Sha256)
        {
            throw new InputException(
                $"the system refuses {original}, and only the one of TorchSharp 0.107.0 can be mended for an old libstdc++; "
                + "build Mimir again, or use a system with the libstdc++ of GCC 13 or later (Debian 13, Ubuntu 24.04)");
        }

        var copy = Path.Combine(CacheFolder(), $"{Sha256[..16]}", Path.GetFileName(original));
        if (!File.Exists(copy) || new FileInfo(copy).Length != bytes.Length)
        {
            MarkWeak(bytes, Need);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            AtomicFile.Write(copy, stream => stream.Write(bytes));
        }

        return copy;
    }

    /// <summary>Marks the need of a version as weak in the version table of a 64-bit little-endian ELF file.</summary>
    /// <param name="elf">The bytes of the file.</param>
    /// <param name="version">The name of the version.</param>
    /// <exception cref="InvalidDataException">The file has no such need.</exception>
    internal static void MarkWeak(Span<byte> elf, string version)
    {
        var sections = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3a..]), count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3c..]);
        for (var i = 0; i < count; i++)
        {
            var section = elf.Slice(sections + (i * size), size);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeeds)
                continue;

            var strings = sections + (BinaryPrimitives.ReadInt32LittleEndian(section[0x28..]) * size);
            var names = (int)BinaryPrimitives.ReadInt64LittleEndian(elf[(strings + 0x18)..]);
            if (FindNeed(elf, (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]), names, version) is { } need)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(elf[(need + 4)..], Weak);
                return;
            }
        }

        throw new InvalidDataException($"no library version {version} is needed");
    }

    // Elf64_Verneed: libraries; Elf64_Vernaux: the versions that are needed of each. Both are lists by relative offsets.
    private static int? FindNeed(ReadOnlySpan<byte> elf, int library, int names, string version)
    {
        while (true)
        {
            int needs = BinaryPrimitives.ReadUInt16LittleEndian(elf[(library + 2)..]);
            var need = library + BinaryPrimitives.ReadInt32LittleEndian(elf[(library + 8)..]);
            for (var k = 0; k < needs; k++)
            {
                var name = elf[(names + BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 8)..]))..];
                if (Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]) == version)
                    return need;
                need += BinaryPrimitives.ReadInt32LittleEndian(elf[(need + 12)..]);
            }

            var next = BinaryPrimitives.ReadInt32LittleEndian(elf[(library + 12)..]);
            if (next == 0)
                return null;
            library += next;
        }
    }

    private static string CacheFolder()
    {
        var cache = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(cache.Length > 0 ? cache : Path.GetTempPath(), "mimir", "torchsharp");
    }
}
