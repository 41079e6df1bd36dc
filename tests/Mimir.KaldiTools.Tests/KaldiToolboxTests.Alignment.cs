namespace Mimir.KaldiTools.Tests;

public sealed partial class KaldiToolboxTests
{
    // The transducer behind the key of an archive.
    private const string MakeLexicon = "fstcopy ark:{lexiconark} ark:{lexfst} && ";
    private const string GraphInputs = "{monotree} {model} {lexfst}:2";
    private const string LogOfAlignment = Log + "Done 1, errors on 0";

    // Words 7 and 8 are the phones 1 and 2, with the topology of the rows of gmmbin.
    private static readonly ToolRows Alignment = new(
        new()
        {
            ["lexiconark"] = "u \n0 0 2 8 0.5\n0 1 1 7\n1 0 2 0\n0\n\n",
            ["words"] = "u 7 8\n",
            ["monotree"] = "ContextDependency 1 0 ToPdf TE 0 3 ( NULL TE -1 2 ( CE 0 CE 1 ) TE -1 1 ( CE 2 ) ) EndContextDependency \n",
            ["chainfst"] = "u \n0 1 2 7\n1 1 1 0\n1 2 4 0\n2 2 3 0\n2 3 6 8\n3 3 5 0\n3\n\n",
            ["likes"] = "u  [\n  0 -9 -9\n  0 -9 -9\n  -9 0 -9\n  -9 -9 0\n  -9 -9 0 ]\n",
            ["grammar"] = "u \n0 1 7 7\n1\n\n",
            ["postali"] = "u 5 3\n",
            ["five"] = "u  [\n  1\n  3\n  3\n  5\n  2 ]\n",
        },
        new()
        {
            { "align-equal-compiled ark:{chainfst} ark:{likes} ark,t:-", "u 2 1 4 3 6" },
            { "align-compiled-mapped {model} ark:{chainfst} ark:{likes} ark,t:-", "u 2 1 4 6 5" },
            { "align-compiled-mapped --beam=0.5 --retry-beam=9 {model} ark:{chainfst} ark:{likes} ark,t:-", "u 2 1 4 6 5" },
            { "get-post-on-ali ark:{post} ark:{postali} ark,t:-", "u [ 0.25 1 ]" },
            {
                MakeLexicon + "compile-train-graphs " + GraphInputs + " ark:{words} ark,t:-",
                "u / 0 1 2 7 / 1 2 4 0 / 1 1 1 0 / 2 3 6 0 / 2 2 3 0 / 3 4 6 8 0.5 / 3 3 5 0 / 4 4 5 0 / 4"
            },
            {
                MakeLexicon + "compile-train-graphs-fsts " + GraphInputs + " ark:{grammar} ark,t:-",
                "u / 0 1 2 7 / 1 2 4 0 / 1 1 1 0 / 2 3 6 0 / 2 2 3 0 / 3 3 5 0 / 3"
            },
            { MakeLexicon + "align-equal " + GraphInputs + " ark:{likes} ark:{words} ark,t:-", "u 2 1 4 6 6" },
            { MakeLexicon + "align-mapped " + GraphInputs + " ark:{likes} ark:{words} ark,t:-", "u 2 1 4 6 6" },
            { GmmInit + "gmm-align-compiled {gmm} ark:{chainfst} ark:{five} ark,t:-", LogOfAlignment },
            {
                GmmInit + MakeLexicon + "gmm-align {monotree} {gmm} {lexfst}:2 ark:{five} ark:{words} ark,t:-", LogOfAlignment
            },
        });
}
