using Mimir.Core.Runtime;
using Mimir.Core.Tensors;

namespace Mimir.KaldiTools.Nnetbin;

/// <summary>Where a program computes: Kaldi's choice of a GPU, and the number of threads.</summary>
internal sealed class EngineOptions(string useGpu)
{
    private string _useGpu = useGpu;
    private int _threads;

    public void Register(KaldiOptionParser parser)
    {
        parser.AddString(
            "use-gpu", _useGpu, "yes|no|optional: 'yes' and 'optional' take a GPU where there is one, else the CPU", v => _useGpu = v);
        parser.AddInt("num-threads", 0, "Threads of the CPU; 0 takes all cores (not an option of Kaldi's)", v => _threads = v);
    }

    /// <summary>Chooses the device and sets the threads.</summary>
    /// <exception cref="ArgumentException">An option has a value that means nothing.</exception>
    public Device Select()
    {
        if (_threads < 0)
            throw new ArgumentException($"--num-threads={_threads}: expected a number of threads, or 0 for all cores.");

        Threads.Count = _threads == 0 ? Environment.ProcessorCount : _threads;
        return _useGpu switch
        {
            "yes" or "optional" => Device.Parse("auto"),
            "no" => Device.Cpu,
            _ => throw new ArgumentException($"--use-gpu={_useGpu}: expected yes, no or optional."),
        };
    }
}
