using Mimir.Base;
using Mimir.Gmm.Transforms;
using Mimir.KaldiTools.Bin;
using Mimir.KaldiTools.CommandLine;
using Mimir.KaldiTools.Featbin;
using Mimir.KaldiTools.Fstbin;
using Mimir.KaldiTools.Gmmbin;
using Mimir.KaldiTools.Ivectorbin;
using Mimir.KaldiTools.Latbin;
using Mimir.KaldiTools.Lmbin;
using Mimir.KaldiTools.Nnetbin;

namespace Mimir.KaldiTools;

/// <summary>Kaldi's programs by name: a line for each, in the folders of Kaldi's sources.</summary>
public static class KaldiToolbox
{
    /// <summary>Gets the programs by name.</summary>
    public static IReadOnlyList<KaldiTool> Tools { get; } =
    [
        .. new KaldiTool[]
        {
            // bin
            new AccLdaTool(),
            new AccTreeStatsTool(),
            new AddSelfLoopsTool(),
            new AliToPdfTool(),
            new AliToPhonesTool(),
            new AliToPostTool(),
            new AlignCompiledMappedTool(),
            new AlignEqualCompiledTool(),
            new AlignEqualTool(),
            new AlignMappedTool(),
            new AlignTextTool(),
            new AnalyzeCountsTool(),
            new BuildTreeTool(),
            new ClusterPhonesTool(),
            new CompileQuestionsTool(),
            new CompileTrainGraphsFstsTool(),
            new CompileTrainGraphsTool(),
            new ComputeWerBootciTool(),
            new ComputeWerTool(),
            new ConvertAliTool(),
            new CopyIntVectorTool(),
            new CopyMatrixTool(),
            new CopyPostTool(),
            new CopyTransitionModelTool(),
            new CopyTreeTool(),
            new CopyVectorTool(),
            new EstLdaTool(),
            new EstMlltTool(),
            new GetPostOnAliTool(),
            new LatgenFasterMappedParallelTool(TimeProvider.System),
            new LatgenFasterMappedTool(TimeProvider.System),
            new MakeHTransducerTool(),
            new MakeIlabelTransducerTool(),
            new MatrixSumTool(),
            new ModelInfoTool("am-info"),
            new ModelInfoTool("hmm-info"),
            new PostToPdfPostTool(),
            new ShowAlignmentsTool(),
            new ShowTransitionsTool(),
            new SumAccsTool<LdaStatistics>("sum-lda-accs", "Sum stats obtained with acc-lda."),
            new SumMatricesTool(),
            new SumAccsTool<MlltStatistics>("sum-mllt-accs", "Sum stats obtained with gmm-acc-mllt."),
            new SumTreeStatsTool(),
            new TreeInfoTool(),
            new WeightSilencePostTool(),

            // featbin
            new AddDeltasTool(),
            new AppendVectorToFeatsTool(),
            new ApplyCmvnOnlineTool(),
            new ApplyCmvnSlidingTool(),
            new ApplyCmvnTool(),
            new ComposeTransformsTool(),
            new ComputeAndProcessPitchFeatsTool(),
            new ComputeCmvnStatsTool(),
            new ComputeFbankFeatsTool(),
            new ComputeMfccFeatsTool(),
            new ComputePitchFeatsTool(),
            new ComputePlpFeatsTool(),
            new ComputeSpectrogramFeatsTool(),
            new ConcatFeatsTool(),
            new CopyFeatsToHtkTool(),
            new CopyFeatsToSphinxTool(),
            new CopyFeatsTool(),
            new ExtendTransformDimTool(),
            new ExtractSegmentsTool(),
            new FeatToDimTool(),
            new FeatToLenTool(),
            new ModifyCmvnStatsTool(),
            new PasteFeatsTool(),
            new ProcessPitchFeatsTool(),
            new SelectFeatsTool(),
            new ShiftFeatsTool(),
            new SpliceFeatsTool(),
            new SubsampleFeatsTool(),
            new SubsetFeatsTool(),
            new TransformFeatsTool(),
            new WavCopyTool(),
            new WavReverberateTool(),
            new WavToDurationTool(),

            // fstbin
            new FstaddselfloopsTool(),
            new FstcomposecontextTool(),
            new FstcopyTool(),
            new FstdeterminizestarTool(),
            new FstisstochasticTool(),
            new FstmakecontextfstTool(),
            new FstminimizeencodedTool(),
            new FstphicomposeTool(),
            new FstpushspecialTool(),
            new FstrmepslocalTool(),
            new FstrmsymbolsTool(),
            new FstsToTranscriptsTool(),
            new FsttablecomposeTool(),

            // gmmbin
            new GmmAccMlltTool(),
            new GmmAccStatsAliTool(),
            new GmmAccStatsTool(),
            new GmmAccStatsTwofeatsTool(),
            new GmmAlignCompiledTool(),
            new GmmAlignTool(),
            new GmmBoostSilenceTool(),
            new GmmComputeLikesTool(),
            new GmmCopyTool(),
            new GmmEstFmllrGpostTool(),
            new GmmEstFmllrTool(),
            new GmmEstTool(),
            new GmmInfoTool(),
            new GmmInitModelFlatTool(),
            new GmmInitModelTool(),
            new GmmInitMonoTool(),
            new GmmIsmoothStatsTool(),
            new GmmLatgenFasterParallelTool(TimeProvider.System),
            new GmmLatgenFasterTool(TimeProvider.System),
            new GmmMixupTool(),
            new GmmPostToGpostTool(),
            new GmmRescoreLatticeTool(),
            new GmmSumAccsTool(),
            new GmmTransformMeansTool(),

            // ivectorbin
            new ComputeVadTool(),

            // latbin
            new Lattice1bestTool(),
            new LatticeAddPenaltyTool(),
            new LatticeAddTransProbsTool(),
            new LatticeAlignPhonesTool(),
            new LatticeAlignWordsLexiconTool(),
            new LatticeAlignWordsTool(),
            new LatticeArcPostTool(),
            new LatticeBestPathTool(),
            new LatticeBoostAliTool(),
            new LatticeCombineTool(),
            new LatticeComposeTool(),
            new LatticeCopyTool(),
            new LatticeDepthPerFrameTool(),
            new LatticeDepthTool(),
            new LatticeDeterminizePrunedTool(),
            new LatticeDeterminizeTool(),
            new LatticeInterpTool(),
            new LatticeLimitDepthTool(),
            new LatticeLmrescoreTool(),
            new LatticeMbrDecodeTool(),
            new LatticeOracleTool(),
            new LatticeProjectTool(),
            new LatticePruneTool(),
            new LatticeRmaliTool(),
            new LatticeScaleTool(),
            new LatticeToCtmConfTool(),
            new LatticeToFstTool(),
            new LatticeToNbestTool(),
            new LatticeToPhoneLatticeTool(),
            new LatticeToPostTool(),
            new LatticeUnionTool(),
            new NbestToCtmTool(),
            new NbestToLatticeTool(),
            new NbestToLinearTool(),
            new LinearToNbestTool(),

            // lmbin
            new Arpa2fstTool(),

            // nnetbin
            new CmvnToNnetTool(),
            new CudaCompiledTool(),
            new CudaGpuAvailableTool(),
            new NnetConcatTool(),
            new NnetCopyTool(),
            new NnetForwardTool(TimeProvider.System),
            new NnetInfoTool(),
            new NnetInitializeTool(),
            new NnetSetLearnrateTool(),
            new NnetTrainFrmshuffTool(TimeProvider.System),
            new NnetTrainMmiSequentialTool(TimeProvider.System),
            new NnetTrainMpeSequentialTool(TimeProvider.System),
            new NnetTrainMultistreamPeruttTool(TimeProvider.System),
            new NnetTrainMultistreamTool(TimeProvider.System),
            new RbmConvertToNnetTool(),
            new RbmTrainCd1FrmshuffTool(TimeProvider.System),
            new TransfToNnetTool(),
        }.OrderBy(tool => tool.Name, StringComparer.Ordinal),
    ];

    /// <summary>Finds a program.</summary>
    /// <param name="name">Kaldi's name of it.</param>
    /// <exception cref="InputException">There is none of that name; the message has the nearest that there is.</exception>
    public static KaldiTool Find(string name)
    {
        if (Tools.FirstOrDefault(tool => tool.Name == name) is { } found)
            return found;

        var hint = Spelling.Nearest(name, Tools.Select(tool => tool.Name)) is { } nearest ? $"; did you mean '{nearest}'?" : ";";
        throw new InputException($"'{name}' is not among the Kaldi programs here{hint} 'mimir kaldi' lists them");
    }
}
