namespace Mimir.KaldiTools.Tests;

public sealed partial class KaldiToolboxTests
{
    private const string TreeWindow = "--context-width=1 --central-position=0";
    private const string TreeAccumulate = "acc-tree-stats " + TreeWindow + " {model} ark:{fourframes} ark:{ali} {treeacc} && ";
    private const string TreeQuestions = "compile-questions " + TreeWindow + " {topo} {phonesets} {questions} && ";
    private const string LdaAccumulate = "acc-lda {model} ark:{fourframes} ark:{ldapost} {ldaacc} && ";
    private const string MlltAccumulate = GmmInit + "ali-to-post ark:{frameali} ark:{gmmpost} && gmm-acc-mllt --rand-prune=0 {gmm} "
        + "ark:{frames} ark:{gmmpost} {macc} && ";

    private static readonly ToolRows Trees = new(
        new()
        {
            ["fourframes"] = "u  [\n  1\n  3\n  9\n  5 ]\n",
            ["ldapost"] = "u [ 1 1 ] [ 2 1 ] [ 3 1 ] [ 5 0.5 3 0.5 ]\n",
            ["phonesets"] = "1\n2\n",
            ["roots"] = "shared split 1\nshared split 2\n",
            ["online"] = " [ 10 10\n 20 0 ]\n",
        },
        new()
        {
            {
                "acc-tree-stats --binary=false " + TreeWindow + " {model} ark:{fourframes} ark:{ali} -",
                "BTS 3 EV 2 -1 0 0 1 / T GCL 2 0.01 [ / 4 / 10 ] / EV 2 -1 0 0 2 / T GCL 1 0.01 [ / 5 / 25 ] / "
                    + "EV 2 -1 1 0 1 / T GCL 1 0.01 [ / 9 / 81 ]"
            },
            {
                TreeAccumulate + "sum-tree-stats --binary=false - {treeacc} {treeacc}",
                "BTS 3 EV 2 -1 0 0 1 / T GCL 4 0.01 [ / 8 / 20 ] / EV 2 -1 0 0 2 / T GCL 2 0.01 [ / 10 / 50 ] / "
                    + "EV 2 -1 1 0 1 / T GCL 2 0.01 [ / 18 / 162 ]"
            },
            { TreeAccumulate + "cluster-phones --pdf-class-list=0 --central-position=0 {treeacc} {phonesets} -", "2 / 1" },
            {
                "compile-questions --binary=false " + TreeWindow + " {topo} {phonesets} -",
                "<Questions> <Key> -1 <QuestionsForKey> 1 [ 0 ] / <RefineClustersOptions> 0 2 "
                    + "</RefineClustersOptions> </QuestionsForKey> <Key> 0 <QuestionsForKey> 2 [ 1 ] / [ 2 ] / "
                    + "<RefineClustersOptions> 0 2 </RefineClustersOptions> </QuestionsForKey> </Questions>"
            },
            {
                TreeAccumulate + TreeQuestions + "build-tree --binary=false --thresh=0.5 --round-num-leaves=false --cluster-thresh=0 "
                    + TreeWindow + " {treeacc} {roots} {questions} {topo} -",
                "ContextDependency 1 0 ToPdf TE 0 3 ( NULL SE -1 [ 0 ] / { CE 0 CE 2 } / CE 1 ) / "
                    + "EndContextDependency"
            },
            { GmmInit + "convert-ali --reorder=false {model} {gmm} {gmmtree} ark:{ali} ark,t:-", "u 1 2 4 6" },
            {
                "acc-lda --binary=false {model} ark:{fourframes} ark:{ldapost} -",
                "<LDAACCS> <VECSIZE> 1 <NUMCLASSES> 3 <ZERO_ACCS> [ 2 1.5 0.5 ] / <FIRST_ACCS> [ / 4 / 11.5 / "
                    + "2.5 ] / <SECOND_ACCS> [ / 7.333333 ] / </LDAACCS>"
            },
            {
                LdaAccumulate + "sum-lda-accs --binary=false - {ldaacc} {ldaacc}",
                "<LDAACCS> <VECSIZE> 1 <NUMCLASSES> 3 <ZERO_ACCS> [ 4 3 1 ] / <FIRST_ACCS> [ / 8 / 23 / 5 ] / "
                    + "<SECOND_ACCS> [ / 14.66667 ] / </LDAACCS>"
            },
            { LdaAccumulate + "est-lda --binary=false --dim=1 {new} {ldaacc}", "LOG: LDA singular values are  [ 3.77273 ]" },
            { MlltAccumulate + "sum-mllt-accs --binary=false - {macc} {macc}", "<MlltAccs> / 12 1 <G> / [ / 12 ] / </MlltAccs>" },
            { MlltAccumulate + "est-mllt --binary=false - {macc}", "[ / 1 ]" },
            { "sum-matrices --binary=false - {matrix} {matrix}", "[ / 2 4 6 / 8 10 12 ]" },
            { "matrix-sum --binary=false {matrix} {matrix} -", "[ / 2 4 6 / 8 10 12 ]" },
            { "compose-transforms --binary=false {mean} {mean} -", "[ / 4 2 1 ]" },
            { "extend-transform-dim --binary=false --new-dimension=2 {mean} -", "[ / 2 0 1 / 0 1 0 ]" },
            { "append-vector-to-feats ark:{feats} ark:{vectors} ark,t:-", "a [ / 1 2 3 0.5 0 1 / 4 5 6 0.5 0 1 / 7 8 9 0.5 0 1 ]" },
            {
                "apply-cmvn-online --cmn-window=2 --speaker-frames=1 --global-frames=1 {online} ark:{fourframes} ark,t:-",
                "u [ / 0 / 1 / 3 / -2 ]"
            },
            { "cuda-compiled --help", "LOG: if a GPU can be used" },
            { "cuda-gpu-available --help", "LOG: if there is a GPU available" },
        });
}
