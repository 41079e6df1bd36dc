namespace Mimir.KaldiTools.Tests;

public sealed partial class KaldiToolboxTests
{
    // Phone 1 has two states and phone 2 has one: transition-ids 1 to 6 and pdfs 0 to 2.
    private const string GmmTopology =
        "<Topology> <TopologyEntry> <ForPhones> 1 </ForPhones> <State> 0 <PdfClass> 0 <Transition> 0 0.75 <Transition> 1 0.25 </State> "
        + "<State> 1 <PdfClass> 1 <Transition> 1 0.75 <Transition> 2 0.25 </State> <State> 2 </State> </TopologyEntry> <TopologyEntry> "
        + "<ForPhones> 2 </ForPhones> <State> 0 <PdfClass> 0 <Transition> 0 0.5 <Transition> 1 0.5 </State> <State> 1 </State> "
        + "</TopologyEntry> </Topology>\n";

    private const string GmmInit = "gmm-init-mono --train-feats=ark:{frames} {topo} 1 {gmm} {gmmtree} && ";
    private const string GmmAccumulate = GmmInit + "gmm-acc-stats-ali {gmm} ark:{frames} ark:{frameali} {acc} && ";
    private const string GmmPosteriors = GmmInit + "ali-to-post ark:{frameali} ark:{gmmpost} && ";
    private const string GmmOptions = "--binary=false --min-gaussian-occupancy=1 --transition-min-count=1 --min-variance=0.5";

    private static readonly ToolRows Gmmbin = new(
        new()
        {
            ["topo"] = GmmTopology,
            ["frames"] = "u  [\n  1\n  3\n  3\n  5\n  2\n  4 ]\n",
            ["frameali"] = "u 1 2 3 4 5 6\n",
            ["half"] = "u [ 1 0.5 ] [ 2 0.5 ] [ 3 0.5 ] [ 4 0.25 2 0.25 ] [ 5 1 ] [ 6 1 ]\n",
            ["occs"] = " [ 100 300 200 ]\n",
            ["gmmspeakers"] = "s u\n",
            ["twice"] = "u  [\n  1 1\n  3 1\n  3 1\n  5 1\n  2 1\n  4 1 ]\n",
            ["mean"] = " [\n 2 1 ]\n",
        },
        new()
        {
            {
                "gmm-init-mono --perturb-factor=0.1 {topo} 2 {gmm} {gmmtree} && copy-tree --binary=false {gmmtree} -",
                "ContextDependency 1 0 ToPdf TE 0 3 ( NULL TE -1 2 ( CE 0 CE 1 ) / TE -1 1 ( CE 2 ) / ) / "
                    + "EndContextDependency"
            },
            {
                GmmInit + "gmm-info {gmm}",
                "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3 "
                    + "/ feature dimension 1 / number of gaussians 3"
            },
            {
                GmmInit + "gmm-copy --copy-tm=true --copy-am=false {gmm} - | hmm-info -",
                "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3"
            },
            {
                GmmInit + "gmm-compute-likes {gmm} ark:{frames} ark,t:-",
                "u [ / -2.374351 -2.374351 -2.374351 / -1.174351 -1.174351 -1.174351 / -1.174351 -1.174351 -1.174351 "
                    + "/ -2.374351 -2.374351 -2.374351 / -1.474351 -1.474351 -1.474351 / -1.474351 -1.474351 -1.474351 ]"
            },
            {
                GmmInit + "gmm-init-model-flat --dim=5 {gmmtree} {topo} - | gmm-info -",
                "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3 "
                    + "/ feature dimension 5 / number of gaussians 3"
            },
            {
                GmmAccumulate + "gmm-sum-accs --binary=false - {acc} {acc}",
                "[ 0 2 2 2 2 2 2 ] / <NUMPDFS> 3 <GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> [ 4 "
                    + "] / <MEANACCS> [ / 8 ] / <DIAGVARACCS> [ / 20 ] / </GMMACCS> <GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> "
                    + "1 <FLAGS> 15 <OCCUPANCY> [ 4 ] / <MEANACCS> [ / 16 ] / <DIAGVARACCS> [ / 68 ] / </GMMACCS> "
                    + "<GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> [ 4 ] / <MEANACCS> [ / 12 ] / "
                    + "<DIAGVARACCS> [ / 40 ] / </GMMACCS> <total_like> -20.09222 <total_frames> 12"
            },
            {
                GmmInit + "gmm-acc-stats --binary=false --update-flags=w {gmm} ark:{frames} ark:{half} -",
                "[ 0 0.5 0.75 0.5 0.25 1 1 ] / <NUMPDFS> 3 <GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> 1 <FLAGS> 4 "
                    + "<OCCUPANCY> [ 1.25 ] / <MEANACCS> [ ] / <DIAGVARACCS> [ ] / </GMMACCS> <GMMACCS> <VECSIZE> 1 "
                    + "<NUMCOMPONENTS> 1 <FLAGS> 4 <OCCUPANCY> [ 0.75 ] / <MEANACCS> [ ] / <DIAGVARACCS> [ ] / </GMMACCS> "
                    + "<GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> 1 <FLAGS> 4 <OCCUPANCY> [ 2 ] / <MEANACCS> [ ] / "
                    + "<DIAGVARACCS> [ ] / </GMMACCS> <total_like> -6.497406 <total_frames> 4"
            },
            {
                GmmAccumulate + "gmm-est " + GmmOptions + " {gmm} {acc} {up} && gmm-compute-likes {up} ark:{frames} ark,t:-",
                "u [ / -1.418939 -5.418939 -2.918939 / -1.418939 -1.418939 -0.9189386 / -1.418939 -1.418939 "
                    + "-0.9189386 / -5.418939 -1.418939 -2.918939 / -0.9189386 -2.918939 -1.418939 / -2.918939 -0.9189386 "
                    + "-1.418939 ]"
            },
            {
                GmmAccumulate + "gmm-est --share-for-pdfs " + GmmOptions + " {gmm} {acc} {up} && show-transitions {phones} {up}",
                "Transition-state 1: phone = a hmm-state = 0 pdf = 0 / Transition-id = 1 p = 0.5 [self-loop] / "
                    + "Transition-id = 2 p = 0.5 [0 -> 1] / Transition-state 2: phone = a hmm-state = 1 pdf = 1 / "
                    + "Transition-id = 3 p = 0.5 [self-loop] / Transition-id = 4 p = 0.5 [1 -> 2] / Transition-state 3: "
                    + "phone = b hmm-state = 0 pdf = 2 / Transition-id = 5 p = 0.5 [self-loop] / Transition-id = 6 p = 0.5 "
                    + "[0 -> 1]"
            },
            {
                GmmAccumulate + "gmm-ismooth-stats --tau=10 --smooth-from-model {gmm} {acc} -",
                "[ 0 1 1 1 1 1 1 ] / <NUMPDFS> 3 <GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> [ 12 "
                    + "] / <MEANACCS> [ / 34 ] / <DIAGVARACCS> [ / 116.6667 ] / </GMMACCS> <GMMACCS> <VECSIZE> 1 "
                    + "<NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> [ 12 ] / <MEANACCS> [ / 38 ] / <DIAGVARACCS> [ / 140.6667 "
                    + "] / </GMMACCS> <GMMACCS> <VECSIZE> 1 <NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> [ 12 ] / <MEANACCS> [ "
                    + "/ 36 ] / <DIAGVARACCS> [ / 126.6667 ] / </GMMACCS> <total_like> -10.04611 <total_frames> 6"
            },
            {
                GmmInit + "gmm-mixup --mix-up=6 {gmm} {occs} {up} && gmm-mixup --mix-down=4 {up} {occs} - | gmm-info -",
                "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3 "
                    + "/ feature dimension 1 / number of gaussians 4"
            },
            {
                GmmInit + "gmm-boost-silence --boost=2 2 {gmm} {up} && gmm-compute-likes {up} ark:{frames} ark,t:-",
                "u [ / -2.374351 -2.374351 -1.681204 / -1.174351 -1.174351 -0.4812043 / -1.174351 -1.174351 "
                    + "-0.4812043 / -2.374351 -2.374351 -1.681204 / -1.474351 -1.474351 -0.7812042 / -1.474351 -1.474351 "
                    + "-0.7812042 ]"
            },
            {
                GmmInit + "gmm-transform-means {mean} {gmm} {up} && gmm-compute-likes {up} ark:{frames} ark,t:-",
                "u [ / -11.97435 -11.97435 -11.97435 / -5.974352 -5.974352 -5.974352 / -5.974352 -5.974352 -5.974352 "
                    + "/ -2.374351 -2.374351 -2.374351 / -8.674352 -8.674352 -8.674352 / -3.874352 -3.874352 -3.874352 ]"
            },
            {
                GmmInit + "acc-tree-stats --context-width=1 --central-position=0 {gmm} ark:{frames} ark:{frameali} {stats1} && "
                    + "gmm-init-model --binary=false --write-occs={new} {gmmtree} {stats1} {topo} {up} && "
                    + "copy-vector --binary=false {new} -",
                "[ 2 2 2 ]"
            },
            {
                GmmPosteriors + "gmm-post-to-gpost {gmm} ark:{frames} ark:{gmmpost} ark,t:-",
                "u 6 1 0 [ 1 ] / 1 0 [ 1 ] / 1 1 [ 1 ] / 1 1 [ 1 ] / 1 2 [ 1 ] / 1 2 [ 1 ]"
            },
            {
                GmmPosteriors + "gmm-est-fmllr --fmllr-update-type=none --fmllr-min-count=1 {gmm} ark:{frames} ark:{gmmpost} ark,t:-",
                "u [ / 1 0 ]"
            },
            {
                GmmPosteriors + "gmm-post-to-gpost {gmm} ark:{frames} ark:{gmmpost} ark:{gpost} && "
                    + "gmm-est-fmllr-gpost --spk2utt=ark:{gmmspeakers} {gmm} ark:{frames} ark:{gpost} ark:{new}",
                "LOG: Not updating fMLLR since below min-count: count is 6"
            },
            {
                GmmPosteriors + "gmm-acc-stats-twofeats {gmm} ark:{frames} ark:{twice} ark:{gmmpost} {acc} && gmm-est {gmm} {acc} {up} && "
                    + "gmm-info {up}",
                "number of phones 2 / number of pdfs 3 / number of transition-ids 6 / number of transition-states 3 / feature dimension 2 "
                    + "/ number of gaussians 3"
            },
            {
                GmmPosteriors + "gmm-acc-stats-twofeats --binary=false {gmm} ark:{frames} ark:{twice} ark:{gmmpost} -",
                "[ 0 1 1 1 1 1 1 ] / <NUMPDFS> 3 <GMMACCS> <VECSIZE> 2 <NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> [ 2 ] / <MEANACCS> [ "
                    + "/ 4 2 ] / <DIAGVARACCS> [ / 10 2 ] / </GMMACCS> <GMMACCS> <VECSIZE> 2 <NUMCOMPONENTS> 1 <FLAGS> 15 <OCCUPANCY> "
                    + "[ 2 ] / <MEANACCS> [ / 8 2 ] / <DIAGVARACCS> [ / 34 2 ] / </GMMACCS> <GMMACCS> <VECSIZE> 2 <NUMCOMPONENTS> 1 "
                    + "<FLAGS> 15 <OCCUPANCY> [ 2 ] / <MEANACCS> [ / 6 2 ] / <DIAGVARACCS> [ / 20 2 ] / </GMMACCS> <total_like> "
                    + "-10.04611 <total_frames> 6"
            },
        });
}
