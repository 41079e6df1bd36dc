namespace Mimir.KaldiTools.Tests;

// The programs of lattices and of scoring. The lattice has the paths '1 2' of cost 3 and '1 3' of cost 4 over the same 4 frames of
// phones 1 and 2; silence is phone 2.
public sealed partial class KaldiToolboxTests
{
    private const string Lattice = "u / 0 1 1 1,0,2_4 / 1 2 2 2,0,6 / 1 2 3 1,2,6 / 2 0,0,5";

    private static readonly ToolRows Latbin = new(
        new()
        {
            ["lattice"] = "u \n0\t1\t1\t1,0,2_4\n1\t2\t2\t2,0,6\n1\t2\t3\t1,2,6\n2\t0,0,5\n\n",
            ["path"] = "u \n0\t1\t1\t1,0,2_4\n1\t2\t2\t2,0.5,6_5\n2\n\n",
            ["truth"] = "u 1 3 3\n",
            ["phone1"] = "u 2 4 2 4\n",
            ["bound"] = "1 singleton\n2 singleton\n",
            ["lexicon"] = "1 1 1\n2 2 2\n",
            ["lm"] = "u \n0 1 1 1 0.5\n1 2 2 2 3\n1 2 0 0 1\n2 2 3 3 0.25\n2 0.75\n\n",
            ["fsts"] = "u {model.fst}\n",
            ["backoff"] = "u \n0 1 1 1 0.5\n1 2 2 2 3\n1 2 9 0 1\n2 2 2 2 0.5\n2 2 3 3 0.25\n2 0.75\n\n",
            ["paths"] = "u-1 \n0\t1\t1\t1,0,2_4\n1\n\nu-2 \n0\t1\t2\t2,0,2_4\n1\n\n",
            ["other"] = "u \n0\t1\t1\t1,0,2_4_6\n1\t2\t4\t4,0,5\n2\n\n",
            ["ref"] = "u a b c\n",
            ["hyp"] = "u a c\n",
        },
        new()
        {
            { "align-text ark:{ref} ark:{hyp} ark,t:-", "u a a ; b <eps> ; c c" },
            {
                "compute-wer ark:{ref} ark:{hyp}",
                "%WER 33.33 [ 1 / 3, 0 ins, 1 del, 0 sub ] / %SER 100.00 [ 1 / 1 ] / Scored 1 sentences, 0 not present in hyp."
            },
            { "compute-wer-bootci --replications=10 ark:{ref} ark:{hyp}", "Set1: %WER 33.33 95% Conf Interval [ 33.30, 33.36 ]" },
            { "lattice-copy ark:{lattice} ark:- | lattice-copy ark:- ark,t:-", Lattice },
            {
                "lattice-copy --write-compact=false ark:{path} ark,t:-",
                "u / 0 1 2 1 1,0 / 1 2 4 0 / 2 3 6 2 2,0.5 / 3 4 5 0 / 4"
            },
            { "lattice-1best ark:{lattice} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0,6 / 2 0,0,5" },
            { "lattice-1best --acoustic-scale=0.25 ark:{lattice} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 3 1,2,6 / 2 0,0,5" },
            { "lattice-add-penalty --word-ins-penalty=0.5 ark:{path} ark,t:-", "u / 0 1 1 1.5,0,2_4 / 1 2 2 2.5,0.5,6_5 / 2" },
            {
                "lattice-align-phones --replace-output-symbols=true {model} ark:{path} ark,t:-",
                "u / 0 1 1 3,0.5,2_4 / 1 2 2 0,0,6_5 / 2"
            },
            { "lattice-add-trans-probs --self-loop-scale=0 {model} ark:{path} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0.5,6_5 / 2" },
            { "lattice-arc-post --min-post=0.3 {model} ark:{lattice} -", "u 0 2 1 1 1 / u 2 1 0.731059 2 2" },
            {
                "lattice-combine --lat-weights=0.75:0.25 ark:{path} ark:{path} ark,t:-",
                "u / 0 1 0 / 0 4 0 / 1 2 1 1,0,2_4 / 2 3 2 2,0.5,6_5 / 3 -3.21232,0, / 4 5 1 1,0,2_4 / 5 6 2 2,0.5,6_5 / 6 -2.11371,0,"
            },
            { "lattice-compose --compose-with-fst=true ark:{path} ark:{lm} ark,t:-", "u / 0 1 1 1.5,0,2_4 / 1 2 2 5,0.5,6_5 / 2 0.75,0," },
            {
                "lattice-compose --compose-with-fst=true --phi-label=9 ark:{lattice} ark:{backoff} ark,t:-",
                "u / 0 1 1 1.5,0,2_4 / 1 2 2 5,0,6 / 1 2 3 2.25,2,6 / 2 3 0 0,0,5 / 3 0.75,0,"
            },
            { "lattice-determinize ark:{path} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0.5,6_5 / 2" },
            { "lattice-determinize-pruned --beam=0.5 ark:{lattice} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0,6_5 / 2" },
            {
                "lattice-determinize-pruned --beam=0.5 --write-compact=false ark:{path} ark,t:-",
                "u / 0 1 2 1 1,0 / 1 2 4 0 / 2 3 6 2 2,0.5 / 3 4 5 0 / 4"
            },
            { "lattice-interp --alpha=0.75 ark:{path} ark:{lattice} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0.375,6_5 / 2" },
            { "lattice-limit-depth --max-arcs-per-frame=1 ark:{lattice} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0,6 / 2 0,0,5" },
            {
                "lattice-to-fst --lm-scale=0.5 ark:{path} scp:{fsts} && lattice-lmrescore ark:{lattice} {model.fst} ark,t:-",
                "u / 0 1 1 1.5,0,2_4 / 1 2 2 3,0,6_5 / 2"
            },
            { "lattice-project ark:{path} ark,t:-", "u / 0 1 1 1 1,0 / 1 2 2 2 2,0.5 / 2" },
            { "lattice-project --project-output=false ark:{path} ark,t:-", "u / 0 1 2 2 1,0 / 1 2 4 4 / 2 3 6 6 2,0.5 / 3 4 5 5 / 4" },
            { "lattice-rmali ark:{path} ark,t:-", "u / 0 1 1 1,0, / 1 2 2 2,0.5, / 2" },
            { "lattice-to-fst ark:{path} ark,t:-", "u / 0 1 1 1 / 1 2 2 2 / 2" },
            { "lattice-to-phone-lattice {model} ark:{path} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0.5,6_5 / 2" },
            { "lattice-to-phone-lattice --replace-words=false {model} ark:{path} ark,t:-", "u / 0 1 1 1,0,1 / 1 2 2 2,0.5,2 / 2" },
            {
                "lattice-union ark:{path} ark:{other} ark,t:-",
                "u / 0 1 1 1,0,2_4 / 1 3 2 2,0.5,6_5 / 1 2 4 4,0,6_5 / 2 / 3"
            },
            { "nbest-to-lattice ark:{paths} ark,t:-", "u / 0 1 0 / 0 3 0 / 1 2 1 1,0,2_4 / 2 / 3 4 2 2,0,2_4 / 4" },
            { "lattice-align-words {bound} {model} ark:{path} ark,t:-", "u / 0 1 1 3,0.5,2_4 / 1 2 2 0,0,6_5 / 2" },
            { "lattice-align-words-lexicon {lexicon} {model} ark:{path} ark,t:-", "u / 0 1 1 3,0.5,2_4 / 1 2 2 0,0,6_5 / 2" },
            { "lattice-best-path ark:{lattice} ark,t:-", "u 1 2" },
            {
                "lattice-boost-ali --b=1 --silence-phones=2 {model} ark:{path} ark:{phone1} ark,t:-",
                "u / 0 1 1 1,0,2_4 / 1 2 2 2,0.5,6_5 / 2"
            },
            {
                "lattice-boost-ali --b=1 {model} ark:{path} ark:{phone1} ark,t:-",
                "LOG: Done 1 lattices, missing alignments for 0, other errors on 0"
            },
            { "lattice-depth ark:{lattice} ark,t:-", "u 1.25" },
            { "lattice-depth-per-frame ark:{lattice} ark,t:-", "u 1 1 2 1" },
            { "lattice-mbr-decode ark:{lattice} ark,t:-", "u 1 2" },
            { "lattice-mbr-decode ark:{lattice} ark:/dev/null ark:/dev/null ark:/dev/null ark,t:-", "u 0 0 ; 0 2 ; 2 2 ; 2 3 ; 3 4" },
            { "lattice-oracle ark:{lattice} ark:{truth} ark,t:-", "u 1 3" },
            { "lattice-prune --beam=0.5 ark:{lattice} ark,t:-", "u / 0 1 1 1,0,2_4 / 1 2 2 2,0,6 / 2 0,0,5" },
            { "lattice-scale --lm-scale=2 --acoustic2lm-scale=2 ark:{path} ark,t:-", "u / 0 1 1 2,0,2_4 / 1 2 2 5,0.5,6_5 / 2" },
            { "lattice-to-ctm-conf --confidence-digits=3 ark:{lattice} -", "u 1 0.000 0.020 1 1.000 / u 1 0.020 0.010 2 0.731" },
            { "lattice-to-nbest --n=2 ark:{lattice} ark:- | nbest-to-linear ark:- ark,t:-", "u-1 2 4 6 5 / u-2 2 4 6 5" },
            { "lattice-to-post ark:{lattice} ark,t:-", "u [ 2 1 ] [ 4 1 ] [ 6 1 ] [ 5 1 ]" },
            { "nbest-to-ctm ark:{path} -", "u 1 0.000 0.020 1 / u 1 0.020 0.020 2" },
            { "nbest-to-linear ark:{path} ark:/dev/null ark:/dev/null ark:/dev/null ark,t:-", "u 0.5" },
        });
}
