namespace Mimir.Decode.Tests.Support;

/// <summary>Makes sentences whose words depend on the word before.</summary>
internal static class RandomText
{
    public static string[] Sentences(Random random, int count, int words)
    {
        var result = new string[count];
        for (var i = 0; i < count; i++)
        {
            var sentence = new List<string>();
            var word = random.Next(words);
            while (sentence.Count == 0 || random.Next(6) > 0)
            {
                sentence.Add(((char)('a' + word)).ToString());
                word = random.Next(3) == 0 ? random.Next(words) : ((word * 5) + 1 + random.Next(2)) % words;
            }

            result[i] = string.Join(' ', sentence);
        }

        return result;
    }
}
