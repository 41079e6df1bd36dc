using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Mimir.Core.Native;
using Mimir.Train.Recipes;

namespace Mimir.Train.Distribution;

/// <summary>The fingerprint of a training: program, recipe, sets, initial model. All workers of a job need the same.</summary>
/// <param name="Values">The program and the keys of the recipe.</param>
/// <param name="Sets">The utterances of the sets.</param>
/// <param name="Models">The initial model.</param>
internal sealed record WorkerFingerprint(
    IReadOnlyDictionary<string, string> Values,
    IReadOnlyDictionary<string, UtteranceMark[]> Sets,
    IReadOnlyDictionary<string, ValuesMark> Models)
{
    private const string Nothing = "nothing";

    /// <summary>Gets the fingerprint of nothing.</summary>
    public static WorkerFingerprint Empty { get; } = new(
        new Dictionary<string, string>(), new Dictionary<string, UtteranceMark[]>(), new Dictionary<string, ValuesMark>());

    /// <summary>The program and every key of a recipe that is not about one machine.</summary>
    /// <param name="recipe">The recipe.</param>
    public static WorkerFingerprint Of(Recipe recipe)
    {
        var values = new Dictionary<string, string> { ["the program"] = Program(), ["libtorch"] = RuntimeInfo.Read().LibTorch };
        foreach (var (path, value) in RecipeFormat.ValuesOf(recipe))
        {
            if (!IsOfMachine(path))
                values[path] = value;
        }

        return Empty with { Values = values };
    }

    /// <summary>This and another part of the same worker's fingerprint.</summary>
    /// <param name="more">The other part.</param>
    public WorkerFingerprint With(WorkerFingerprint more) => new(
        Joined(Values, more.Values), Joined(Sets, more.Sets), Joined(Models, more.Models));

    /// <summary>The differences of another worker, each as "has …".</summary>
    /// <param name="other">The other worker's fingerprint.</param>
    public IEnumerable<string> Differences(WorkerFingerprint other)
    {
        foreach (var key in Values.Keys.Union(other.Values.Keys))
        {
            var (own, theirs) = (Values.GetValueOrDefault(key, Nothing), other.Values.GetValueOrDefault(key, Nothing));
            if (own != theirs)
                yield return $"has '{key}': {theirs}, not {own}";
        }

        foreach (var set in Sets.Keys.Union(other.Sets.Keys))
        {
            foreach (var difference in Differences(Sets.GetValueOrDefault(set, []), other.Sets.GetValueOrDefault(set, [])))
                yield return $"{difference} in set '{set}'";
        }

        foreach (var key in Models.Keys.Union(other.Models.Keys))
        {
            if (!Models.GetValueOrDefault(key).IsLike(other.Models.GetValueOrDefault(key)))
                yield return $"has another {key}";
        }
    }

    /// <summary>The fingerprint as bytes.</summary>
    public byte[] Write()
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        WriteAll(writer, Values, writer.Write);
        WriteAll(writer, Sets, marks =>
        {
            writer.Write(marks.Length);
            foreach (var mark in marks)
            {
                writer.Write(mark.Id);
                writer.Write(mark.Frames);
                writer.Write(mark.Targets);
                WriteMark(writer, mark.Features);
            }
        });
        WriteAll(writer, Models, mark => WriteMark(writer, mark));
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    /// <exception cref="InvalidDataException">The bytes make no sense.</exception>
    public static WorkerFingerprint Read(ReadOnlySpan<byte> bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()));
        try
        {
            return new(
                ReadAll(reader, reader.ReadString),
                ReadAll(reader, () => Enumerable.Range(0, reader.ReadInt32()).Select(_ => new UtteranceMark(
                    reader.ReadString(), reader.ReadInt32(), reader.ReadUInt64(), ReadMark(reader))).ToArray()),
                ReadAll(reader, () => ReadMark(reader)));
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentException or FormatException)
        {
            throw new InvalidDataException("a worker sent a fingerprint that makes no sense", error);
        }
    }

    private static IEnumerable<string> Differences(UtteranceMark[] own, UtteranceMark[] other)
    {
        var theirs = other.ToDictionary(mark => mark.Id);
        var missing = own.Where(mark => !theirs.ContainsKey(mark.Id)).Select(mark => mark.Id).ToList();
        var added = theirs.Keys.Except(own.Select(mark => mark.Id)).ToList();
        if (missing.Count > 0)
            yield return FormattableString.Invariant($"lacks {missing.Count} of {own.Length} utterances, such as {missing[0]},");
        if (added.Count > 0)
            yield return FormattableString.Invariant($"has {added.Count} utterances more, such as {added[0]},");
        if (missing.Count + added.Count == 0 && !own.Select(mark => mark.Id).SequenceEqual(other.Select(mark => mark.Id)))
            yield return "has the utterances in another order";

        foreach (var mark in own)
        {
            if (theirs.TryGetValue(mark.Id, out var same) && mark.Difference(same) is { } difference)
                yield return difference;
        }
    }

    // Where files lie may differ: what is in them is compared.
    private static bool IsOfMachine(string path) => path.Split('.') switch
    {
        ["output"] or ["train", "device" or "threads"] or ["corpus", "cache", ..] or ["corpus", "source"] => true,
        ["corpus", "train" or "cv" or "dev" or "test", _] or ["corpus", "tests", _, ..] => true,
        _ => false,
    };

    private static string Program()
    {
        var own = typeof(WorkerFingerprint).Assembly;
        var version = own.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        string[] projects = ["Mimir.Base", "Mimir.Core", "Mimir.Dist", "Mimir.Features", "Mimir.Kaldi"];
        var modules = own.GetReferencedAssemblies().Where(name => projects.Contains(name.Name))
            .OrderBy(name => name.Name, StringComparer.Ordinal)
            .Select(name => Assembly.Load(name).ManifestModule.ModuleVersionId)
            .Prepend(own.ManifestModule.ModuleVersionId);
        var build = SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', modules)));
        return $"mimir {version} (build {Convert.ToHexStringLower(build)[..8]})";
    }

    private static Dictionary<string, T> Joined<T>(IReadOnlyDictionary<string, T> one, IReadOnlyDictionary<string, T> other)
    {
        var joined = new Dictionary<string, T>(one);
        foreach (var (key, value) in other)
            joined[key] = value;
        return joined;
    }

    private static void WriteAll<T>(BinaryWriter writer, IReadOnlyDictionary<string, T> entries, Action<T> write)
    {
        writer.Write(entries.Count);
        foreach (var (key, value) in entries)
        {
            writer.Write(key);
            write(value);
        }
    }

    private static Dictionary<string, T> ReadAll<T>(BinaryReader reader, Func<T> read)
    {
        var entries = new Dictionary<string, T>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            entries.Add(reader.ReadString(), read());
        return entries;
    }

    private static void WriteMark(BinaryWriter writer, ValuesMark mark)
    {
        writer.Write(mark.Count);
        writer.Write(mark.Size);
        writer.Write(mark.Pattern);
    }

    private static ValuesMark ReadMark(BinaryReader reader) => new(reader.ReadInt32(), reader.ReadDouble(), reader.ReadDouble());
}
