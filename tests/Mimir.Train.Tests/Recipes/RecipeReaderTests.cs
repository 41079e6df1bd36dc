using Mimir.Base;
using Mimir.Config;
using Mimir.Core.Blocks;
using Mimir.Core.Optimisers;
using Mimir.Decode.Scoring;
using Mimir.Dist.Updates.Sync;
using Mimir.Train.Layers;
using Mimir.Train.Recipes;

namespace Mimir.Train.Tests.Recipes;

public sealed class RecipeReaderTests : IDisposable
{
    private const string Example = """
        name: aishell-dnn
        seed: 777
        corpus:
          train: {dir: ${AISHELL}/train, alignments: ${AISHELL}/ali}     # Kaldi data dir; ali.*.gz + final.mdl
          cv:    {dir: ${AISHELL}/dev,   alignments: ${AISHELL}/ali_dev}
          test:  {dir: ${AISHELL}/test}
        features:
          type: fbank              # Kaldi's options by Kaldi's names
          num-mel-bins: 40
          cmvn: {per: speaker, norm-vars: true}
          splice: {left: 5, right: 5}
        model:
          - affine: {dim: 1024, activation: sigmoid, repeat: 4}
          - softmax: {}            # dimension from final.mdl
        train:
          loss: cross-entropy
          batch: {frames: 256, shuffle-window: 32768}
          optimiser: {sgd: {rate: 0.008, momentum: 0.0}}
          schedule: {newbob: {start-halving: 0.01, end-halving: 0.001, max-epochs: 20}}
          device: auto             # cuda when there is one
        distribute:
          workers: 1
          update: {sync: {}}       # or ma, bmuf, asgd with their parameters
        decode:
          graph: ${AISHELL}/graph
          beam: 13
          acoustic-scale: 0.1
          score: {unit: character, lm-weights: 4-15}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mimir-recipe").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Parse_the_design_example_gives_every_value()
    {
        var options = new RecipeReaderOptions { Environment = name => name == "AISHELL" ? "/data/aishell" : null };

        var recipe = RecipeReader.Parse(Example, "dnn.yaml", options).Recipe;

        Assert.Equal("aishell-dnn", recipe.Name);
        Assert.Equal("exp/aishell-dnn", recipe.OutputFolder);
        Assert.Equal("/data/aishell/train", recipe.Corpus.Train?.Dir);
        Assert.Equal("/data/aishell/ali_dev", recipe.Corpus.Cv?.Alignments);
        Assert.Equal(["train", "cv", "test"], recipe.Corpus.AllSets.Select(set => set.Key));
        Assert.Equal("40", recipe.Features.Options["num-mel-bins"]);
        Assert.True(recipe.Features.Cmvn.NormVars);
        Assert.Equal(
            new AffineLayer { Transform = new() { OutputDim = 1024, Activation = Activation.Sigmoid }, Repeat = 4 }, recipe.Model[0]);
        Assert.Equal(new SoftmaxLayer(), recipe.Model[1]);
        Assert.Equal(new SgdOptions(), recipe.Train.Optimiser);
        Assert.Equal(new NewbobRecipe(), recipe.Train.Schedule);
        Assert.Equal(new SyncOptions(), recipe.Distribute.Update);
        Assert.Equal(ScoreUnit.Character, recipe.Decode?.Score.Unit);
        Assert.Equal(Enumerable.Range(4, 12), recipe.Decode?.Score.LmWeights);
    }

    [Fact]
    public void Parse_a_short_recipe_fills_in_the_defaults()
    {
        var recipe = Some.Read(Some.Recipe).Recipe;

        Assert.Empty(recipe.Train.Layers);
        Assert.Equal(new TrainRecipe { Layers = recipe.Train.Layers }, recipe.Train);
        Assert.Equal(new SpliceRecipe { Left = 5, Right = 5 }, recipe.Features.Splice);
        Assert.Null(recipe.Features.Deltas);
        Assert.Null(recipe.Decode);
        Assert.Equal(777UL, recipe.Seed);
    }

    [Theory]
    [InlineData(
        "train: {optimiser: {sgd: {lerning-rate: 1}}}",
        "toy.yaml:8: unknown key 'lerning-rate' in 'train.optimiser.sgd'; did you mean 'rate'?")]
    [InlineData("train: {bacth: {}}", "toy.yaml:8: unknown key 'bacth' in 'train'; did you mean 'batch'?")]
    [InlineData("trian: {}", "toy.yaml:8: unknown key 'trian' in the recipe; did you mean 'train'?")]
    [InlineData("train: {checkpoint: {xyzzy: 1}}", "toy.yaml:8: unknown key 'xyzzy' in 'train.checkpoint'; known are minutes, keep")]
    [InlineData(
        "train: {batch: {frames: many}}",
        "toy.yaml:8: 'train.batch.frames': expected a whole number from 1 to 16777216, got 'many'")]
    [InlineData("train: {batch: {frames: 0}}", "toy.yaml:8: 'train.batch.frames': expected a whole number from 1 to 16777216, got '0'")]
    [InlineData("train: {batch: {frames: }}", "toy.yaml:8: 'train.batch.frames': expected a whole number from 1 to 16777216, got nothing")]
    [InlineData(
        "train: {batch: [256]}",
        "toy.yaml:8: 'train.batch': expected a map with unit, frames, streams, chunk, segment, accumulate, shuffle-window, got a list")]
    [InlineData("train: {device: gpu}", "toy.yaml:8: 'train.device': expected auto, cpu, cuda or cuda:<index>, got 'gpu'")]
    [InlineData(
        "train: {optimiser: {sgd: {momentum: 1}}}",
        "toy.yaml:8: 'train.optimiser.sgd.momentum': expected a number from 0 to below 1, got '1'")]
    [InlineData("train: {optimiser: {sgd: {rate: .nan}}}", "toy.yaml:8: 'train.optimiser.sgd.rate': expected a number above 0, got '.nan'")]
    [InlineData(
        "train: {optimiser: {sgd: {}, adam: {}}}",
        "toy.yaml:8: 'train.optimiser': expected an optimiser, one of sgd, adam, natural-gradient, got the keys 'sgd', 'adam'")]
    [InlineData(
        "train: {optimiser: {adm: {}}}",
        "toy.yaml:8: 'train.optimiser': expected an optimiser, one of sgd, adam, natural-gradient, got the key 'adm'; did you mean")]
    [InlineData("features: {cmvn: {norm-vars: yes}}", "toy.yaml:8: 'features.cmvn.norm-vars': expected true or false, got 'yes'")]
    [InlineData("seed: -1", "toy.yaml:8: 'seed': expected a whole number from 0, got '-1'")]
    [InlineData(
        "decode: {graph: g, tune-on: tset}",
        "toy.yaml:8: 'decode.tune-on': there is no set 'tset' to choose weights on; known are cv")]
    [InlineData(
        "decode: {graph: g, score: {lm-weights: 9-4}}",
        "toy.yaml:8: 'decode.score.lm-weights': expected a range such as 4-15 or a list such as [7, 9, 11], got '9-4'")]
    [InlineData("decode: {beam: 13}", "toy.yaml:8: 'decode.graph' is missing: the folder with HCLG.fst and words.txt")]
    [InlineData("seed: 1\nseed: 2", "toy.yaml:9: the key 'seed' stands here twice; the first is at toy.yaml:8")]
    [InlineData("features: {type: given}", "toy.yaml:3: the set 'train' has no 'features', which 'features.type: given' needs")]
    [InlineData(
        "train: {schedule: {newbob: {max-epochs: 2, min-epochs: 3}}}",
        "toy.yaml:8: 'train.schedule.newbob.min-epochs': expected at most max-epochs, 2, got 3")]
    [InlineData(
        "seed: ${NOWHERE}",
        "toy.yaml:8: the variable NOWHERE is not set ('seed' needs it): run with NOWHERE=<value> in the environment, or "
        + "with --set NOWHERE=<value>")]
    public void Parse_a_wrong_line_names_place_and_remedy(string line, string expected)
    {
        var message = Some.ErrorOf($"{Some.Recipe}\n{line}\n");

        Assert.StartsWith(expected, message);
    }

    [Theory]
    [InlineData("- [1, 2", "toy.yaml:")]
    [InlineData("a: b: c", "toy.yaml:1: this is not YAML:")]
    [InlineData("", "toy.yaml:1: expected a recipe (keys such as name, corpus, model), got nothing")]
    [InlineData("hello", "toy.yaml:1: expected a recipe (keys such as name, corpus, model), got 'hello'")]
    [InlineData("a: *b", "toy.yaml:1: the anchor '&b' is not defined above")]
    [InlineData("name: a\n---\nname: b", "toy.yaml:2: expected one document, got another after '---'")]
    public void Parse_text_that_is_no_recipe_says_so(string text, string expected)
    {
        Assert.StartsWith(expected, Some.ErrorOf(text));
    }

    [Fact]
    public void Parse_many_mistakes_lists_each_of_them()
    {
        var message = Some.ErrorOf("nme: x\nseed: y\nmodel: []\n");

        Assert.Equal(
            [
                "toy.yaml:1: unknown key 'nme' in the recipe; did you mean 'name'?",
                "toy.yaml:2: 'seed': expected a whole number from 0, got 'y'",
                "toy.yaml:1: 'name' is missing: The name of the run, which also names its folder.",
                "toy.yaml:1: 'corpus' is missing: The utterances to train on, to validate on and to test on.",
            ],
            message.Split('\n'));
    }

    [Fact]
    public void Parse_a_layer_whose_keys_are_not_indented_says_so()
    {
        var message = Some.ErrorOf("""
            name: toy
            corpus: {train: {dir: a, alignments: b}, cv: {dir: a, alignments: b}}
            model:
              - affine:
                dim: 12
              - softmax
            """);

        Assert.StartsWith("toy.yaml:4: 'model.0': expected a layer, one of affine, softmax, lstm, blstm", message);
        Assert.EndsWith("the keys of 'affine' must be indented below it", message);
    }

    [Fact]
    public void Parse_the_last_layer_must_be_softmax()
    {
        var message = Some.ErrorOf(Some.Recipe.Replace("  - softmax: {}", ""));

        Assert.Equal("toy.yaml:6: 'model': the last layer must be softmax: add '- softmax: {}'", message);
    }

    [Fact]
    public void Parse_a_bare_name_takes_a_kind_with_its_defaults()
    {
        var recipe = Some.Read(Some.Recipe + "\ntrain: {optimiser: adam, schedule: {constant: {epochs: 3}}}").Recipe;

        Assert.Equal(new AdamOptions(), recipe.Train.Optimiser);
        Assert.Equal(new ConstantRecipe { MaxEpochs = 3 }, recipe.Train.Schedule);
    }

    [Theory]
    [InlineData("train.batch.frames=512", "train.batch.frames", "512")]
    [InlineData("model.0.affine.dim=512", "model.0.affine.dim", "512")]
    [InlineData("features.num-mel-bins=23", "features.num-mel-bins", "23")]
    [InlineData("train.batch={frames: 64}", "train.batch.frames", "64")]
    [InlineData("train.optimiser.adam.rate=0.5", "train.optimiser.adam.rate", "0.5")]
    [InlineData("corpus.tests.noisy.dir=data/noisy", "corpus.tests.noisy.dir", "data/noisy")]
    public void Parse_an_override_wins_and_is_the_origin(string change, string path, string value)
    {
        var loaded = Some.Read(Some.Recipe + "\ntrain: {batch: {frames: 128}, optimiser: {sgd: {rate: 1}}}\n", change);

        Assert.Equal($"--set {change}", loaded.OriginOf(path).ToString());
        Assert.Equal(OriginKind.Override, loaded.OriginOf(path).Kind);
        Assert.Contains($" {value} ", loaded.ToYaml());
    }

    [Fact]
    public void Parse_an_override_keeps_its_neighbours()
    {
        var recipe = Some.Read(Some.Recipe, "model.0.affine.dim=512", "model.0.affine.repeat=3", "model.0.affine.dim=8").Recipe;

        Assert.Equal(new AffineLayer { Transform = new() { OutputDim = 8, Activation = Activation.Sigmoid }, Repeat = 3 }, recipe.Model[0]);
    }

    [Theory]
    [InlineData("train.bach.frames=2", "--set train.bach.frames=2: unknown key 'bach' in 'train'; did you mean 'batch'?")]
    [InlineData(
        "train.batch.frames=two",
        "--set train.batch.frames=two: 'train.batch.frames': expected a whole number from 1 to 16777216, got 'two'")]
    [InlineData("model.7.affine.dim=2", "--set model.7.affine.dim=2: 'model': expected a list of layers, got the key '7'")]
    [InlineData("train.batch.frames", "--set train.batch.frames: expected key.key=value, such as train.optimiser.sgd.rate=0.004")]
    [InlineData("SPEECH=x", "--set SPEECH=x: unknown key 'SPEECH' in the recipe")]
    public void Parse_a_wrong_override_is_named(string change, string expected)
    {
        Assert.StartsWith(expected, Some.ErrorOf(Some.Recipe, change));
    }

    [Fact]
    public void Parse_variables_come_from_overrides_then_the_environment_then_defaults()
    {
        var text = Some.Recipe.Replace("data/train", "${A}/${B:-b}/$${x}").Replace("data/cv", "'${C}'");
        var options = new RecipeReaderOptions
        {
            Overrides = ["A=one: 1"],
            Environment = name => name switch { "A" => "no", "C" => "it's #3", _ => null },
        };

        var loaded = RecipeReader.Parse(text, "toy.yaml", options);

        Assert.Equal("one: 1/b/${x}", loaded.Recipe.Corpus.Train?.Dir);
        Assert.Equal("it's #3", loaded.Recipe.Corpus.Cv?.Dir);
        Assert.Equal("toy.yaml:3, A from --set, B is not set", loaded.OriginOf("corpus.train.dir").ToString());
        Assert.Equal("toy.yaml:4, C from the environment", loaded.OriginOf("corpus.cv.dir").ToString());
        Assert.Equal(OriginKind.Environment, loaded.OriginOf("corpus.cv.dir").Kind);
    }

    [Fact]
    public void Parse_a_default_given_once_holds_for_the_whole_recipe()
    {
        var recipe = Some.Read(Some.Recipe.Replace("data/train", "${A}/train").Replace("data/cv", "${A:-speech}/cv")).Recipe;

        Assert.Equal(["speech/train", "speech/cv"], recipe.Corpus.AllSets.Select(set => set.Value.Dir));
    }

    [Fact]
    public void Parse_a_list_among_free_options_is_text_with_commas()
    {
        var recipe = Some.Read(Some.Recipe, "corpus.synth={dir: x, signal-to-noise: [20, 5]}").Recipe;

        Assert.Equal("20,5", recipe.Corpus.Synth?.Options["signal-to-noise"]);
    }

    [Fact]
    public void Parse_a_variable_that_an_override_replaces_need_not_be_set()
    {
        var recipe = Some.Read(Some.Recipe.Replace("data/train", "${A}"), "corpus.train.dir=x").Recipe;

        Assert.Equal("x", recipe.Corpus.Train?.Dir);
    }

    [Theory]
    [InlineData("features: {pitch: {max-f: 500}}", "unknown key 'max-f' in 'features.pitch'; did you mean 'max-f0'?")]
    [InlineData("features: {pitch: {max-f0: high}}", "'features.pitch.max-f0': max-f0: expected a number, got 'high'")]
    [InlineData("features: {pitch: yes}", "'features.pitch': expected a map of options")]
    public void Parse_checks_the_options_of_pitch(string line, string expected) =>
        Assert.Contains(expected, Some.ErrorOf(Some.Recipe + "\n" + line), StringComparison.Ordinal);

    [Fact]
    public void Parse_of_pitch_for_given_features_is_refused() => Assert.Contains(
        "'features.pitch': given features take no pitch",
        Some.ErrorOf(Some.Recipe + "\nfeatures: {type: given, pitch: {}}"),
        StringComparison.Ordinal);

    [Fact]
    public void Parse_checks_Kaldi_option_names_and_values_by_itself()
    {
        var unknown = Some.ErrorOf(Some.Recipe + "\nfeatures: {num-mel-bin: 40}");
        var wrong = Some.ErrorOf(Some.Recipe + "\nfeatures: {type: mfcc, num-ceps: x}");

        Assert.Equal("toy.yaml:8: unknown key 'num-mel-bin' in 'features'; did you mean 'num-mel-bins'?", unknown);
        Assert.StartsWith("toy.yaml:8: 'features.num-ceps': ", wrong);
    }

    [Fact]
    public void Read_a_recipe_that_extends_another_lays_itself_over_it()
    {
        File.WriteAllText(Path.Combine(_folder, "base.yaml"), Some.Recipe + "\ntrain: {batch: {frames: 64, shuffle-window: 640}}\n");
        File.WriteAllText(Path.Combine(_folder, "own.yaml"), "extends: base.yaml\nname: own\ntrain: {batch: {frames: 32}}\n");

        var loaded = RecipeReader.Read(Path.Combine(_folder, "own.yaml"));

        Assert.Equal("own", loaded.Recipe.Name);
        Assert.Equal(new BatchRecipe { Frames = 32, ShuffleWindow = 640 }, loaded.Recipe.Train.Batch);
        Assert.EndsWith("own.yaml:3", loaded.OriginOf("train.batch.frames").Place);
        Assert.EndsWith("base.yaml:8", loaded.OriginOf("train.batch.shuffle-window").Place);
    }

    [Fact]
    public void Read_recipes_that_extend_each_other_in_a_circle_are_refused()
    {
        var file = Path.Combine(_folder, "loop.yaml");
        File.WriteAllText(file, "extends: loop.yaml\n");

        var message = Assert.Throws<InputException>(() => RecipeReader.Read(file)).Message;

        Assert.EndsWith("loop.yaml:1: more than 8 recipes extend each other, perhaps in a circle", message);
    }

    [Fact]
    public void Read_a_missing_file_names_it()
    {
        var message = Assert.Throws<FileNotFoundException>(() => RecipeReader.Read("nowhere.yaml")).Message;

        Assert.Equal("there is no recipe 'nowhere.yaml'", message);
    }

    [Fact]
    public void Parse_damaged_text_is_read_or_refused_with_a_place()
    {
        const string Odd = "{}[]:#&*!|>'\"%@`,?- \n\t$~<=\0\uE000\uFFFF0aZ";
        var state = 1UL;
        for (var round = 0; round < 600; round++)
        {
            var text = Example.ToCharArray();
            for (var change = 0; change < 3; change++)
                text[Next(text.Length)] = Odd[Next(Odd.Length)];

            try
            {
                Some.Read(new string(text), "AISHELL=/a");
            }
            catch (InputException error)
            {
                Assert.All(error.Message.Split('\n'), line => Assert.Matches(@"^(toy\.yaml:\d+|--set AISHELL)", line));
            }
            catch (FileNotFoundException error)
            {
                Assert.StartsWith("toy.yaml:", error.Message);
            }
        }

        int Next(int below)
        {
            state = state * 6364136223846793005 + 1442695040888963407;
            return (int)((state >> 33) % (ulong)below);
        }
    }

    [Fact]
    public void Parse_deep_nesting_is_refused()
    {
        Assert.Contains("the nesting is deeper than", Some.ErrorOf("a: " + new string('[', 5000) + new string(']', 5000)));
    }
}
