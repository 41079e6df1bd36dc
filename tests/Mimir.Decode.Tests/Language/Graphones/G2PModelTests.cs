using Mimir.Base;
using Mimir.Decode.Language;
using Mimir.Decode.Language.Graphones;
using Mimir.Decode.Lexicons;
using Xunit.Abstractions;

namespace Mimir.Decode.Tests.Language.Graphones;

/// <summary>Pronunciations that are learnt from a lexicon.</summary>
public sealed class G2PModelTests(ITestOutputHelper console) : IDisposable
{
    private static readonly string[] Units =
        ["sh=S", "ch=C", "th=T", "a=A", "e=E", "i=I", "o=O", "b=B", "n=N", "x=K S", "h=", "k=K", "s=Z"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Align_finds_the_letters_of_each_phone()
    {
        var aligned = GraphoneAligner.Align(Words(new Random(1), 300).Entries);

        var graphones = aligned.SelectMany(word => word!).Select(graphone => graphone.Token).GroupBy(token => token)
            .OrderByDescending(same => same.Count()).Select(same => same.Key).Take(Units.Length);
        Assert.Equal(
            ["a}A", "b}B", "c|h}C", "e}E", "h}_", "i}I", "k}K", "n}N", "o}O", "s|h}S", "s}Z", "t|h}T", "x}K|S"],
            graphones.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Align_leaves_out_what_does_not_fit()
    {
        var aligned = GraphoneAligner.Align([new("ab", ["A", "B"]), new("a", ["A", "B", "C"]), new("", ["A"])]);

        Assert.Equal([false, true, true], aligned.Select(word => word is null));
    }

    [Fact]
    public void Pronounce_knows_new_words_of_the_same_spelling()
    {
        var model = G2PModel.Train(Words(new Random(1), 400), new() { Order = 4 });

        var errors = G2PErrors.Count(model, Words(new Random(2), 200));

        Assert.InRange(errors.WrongPhones, 0, 0.02 * errors.Phones);
        Assert.InRange(errors.Words, 180, 200);
    }

    [Fact]
    public void Pronounce_gives_several_pronunciations_where_the_lexicon_is_of_two_minds()
    {
        var entries = Words(new Random(1), 300).Entries
            .Select((entry, i) => i % 3 == 0
                ? entry with { Phones = [.. entry.Phones.Select(phone => phone == "O" ? "U" : phone)] }
                : entry);
        var model = G2PModel.Train(new(entries), new() { Order = 3, Pronunciations = 3, LeastShare = 0.1 });

        var found = model.Pronounce("bon");

        Assert.Equal(["B O N", "B U N"], found.Take(2).Select(entry => string.Join(' ', entry.Phones)).Order());
        Assert.Equal(1, found[0].Probability);
        Assert.InRange(found[1].Probability, 0.1, 0.99);
    }

    [Fact]
    public void Pronounce_tries_the_other_case_and_names_no_phones_for_unknown_letters()
    {
        var model = G2PModel.Train(Words(new Random(1), 100), new());

        Assert.Equal("B A N", string.Join(' ', model.Pronounce("BAN")[0].Phones));
        Assert.Empty(model.Pronounce("bqn"));
        Assert.Empty(model.Pronounce(""));
    }

    [Fact]
    public void Model_read_again_pronounces_the_same()
    {
        var model = G2PModel.Train(Words(new Random(1), 200), new() { Order = 3 });
        ArpaWriter.Write(_folder.At("g2p.arpa.gz"), model.Ngrams);

        var again = G2PModel.Read(_folder.At("g2p.arpa.gz"), new());

        foreach (var word in Words(new Random(4), 50).Words)
            Assert.Equal(model.Pronounce(word)[0].Phones, again.Pronounce(word)[0].Phones);
    }

    [Fact]
    public void Tokens_hold_any_letters()
    {
        foreach (var graphone in (Graphone[])[new("t|", ["A_B", "%"]), new("}_", ["<x>"]), new("中", []), new("#0", ["_"])])
        {
            var again = Graphone.Parse(graphone.Token)!;
            Assert.Equal((graphone.Letters, string.Join(' ', graphone.Phones)), (again.Letters, string.Join(' ', again.Phones)));
        }

        Assert.Null(Graphone.Parse("word"));
    }

    [Fact]
    public void Model_of_words_is_refused()
    {
        ArpaWriter.Write(_folder.At("lm"), NgramEstimator.Estimate(NgramEstimatorTests.Text(["a b"]), new()));

        var refusal = Assert.Throws<InputException>(() => G2PModel.Read(_folder.At("lm"), new()));

        Assert.Equal($"{_folder.At("lm")}: expected a model of graphones, such as 't|h}}TH', got one of words", refusal.Message);
    }

    [SharedDataFact]
    public void Lexicon_of_digits_is_learnt_by_heart()
    {
        var lexicon = Lexicon.Read(SharedData.At("goldens/kaldi-train/lang/lexicon.txt"));
        var spoken = new Lexicon(lexicon.Entries.Where(entry => entry.Word[0] != '<'));

        var errors = G2PErrors.Count(G2PModel.Train(lexicon, new()), spoken);

        console.WriteLine($"{errors}");
        Assert.Equal(0, errors.WrongWords);
    }

    private static Lexicon Words(Random random, int count) => new(Enumerable.Range(0, count).Select(_ =>
    {
        var units = Enumerable.Range(0, random.Next(2, 6)).Select(_ => Units[random.Next(Units.Length)].Split('=')).ToArray();
        var phones = units.SelectMany(unit => unit[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        return new Pronunciation(string.Concat(units.Select(unit => unit[0])), phones.Length > 0 ? phones : ["A"]);
    }).DistinctBy(entry => entry.Word));
}
